// Usage that waits because the cloud does not know its listing any more, or not like that.
import { unwrap } from '../../src/client/index.ts'
import { GLOBEX, VENDOR } from '../../src/demo/clouds/aws/scenario.ts'
import { atTheCloud } from './behind.ts'
import {
  agreementOf,
  buyerAccepts,
  HOUR,
  keyed,
  liveOffer,
  MINUTE,
  publish,
  readListing,
  type Seats,
  signUp,
} from './seats.ts'
import type { Service } from './service.ts'

let made = 0

/** A listing with an agreement on it, whose usage of "scans" can be reported. */
export async function soldListing(service: Service, { vendor }: Seats) {
  const { client, organisation_id } = vendor
  made += 1
  const product_id = await publish(service, vendor, { name: `Sold ${made}` })
  const { items } = unwrap(await client.GET('/v1/listings', { params: { query: { product_id } } }))
  const id = items[0]?.id ?? ''
  const offer = await liveOffer(service, vendor, product_id)
  const cloud_agreement_id = await buyerAccepts(service, GLOBEX, offer)
  await signUp(service, GLOBEX, cloud_agreement_id)
  for (let minute = 0; minute < 3; minute += 1) await service.move(MINUTE)
  const agreement = await agreementOf(client, cloud_agreement_id)
  if (agreement?.state !== 'active') throw new Error(`The agreement is ${agreement?.state}`)
  const tenant = service.services.context.store.inTenant.bind(service.services.context.store, organisation_id)
  let used = 0
  return {
    id,
    client,
    product_id,
    agreement_id: agreement.id,
    cloud_product_id: agreement.cloud_product_id ?? '',
    tenant,
    behind: atTheCloud(service, vendor, VENDOR.account_id),
    /** The cloud knows the listing, and what was sold on it, by another name than we do. */
    vanish: async () => {
      const cloud_product_id = `prod-gone${String(made).padStart(9, '0')}`
      await tenant(async ({ tx }) => {
        await tx.listing.updateMany({ where: { id }, data: { cloud_product_id } })
        await tx.agreement.updateMany({ where: { id: agreement.id }, data: { cloud_product_id } })
      })
      const params = { ...keyed(), path: { id } }
      return unwrap(await client.POST('/v1/listings/{id}/read', { params }))
    },
    use: async (quantity: string) => {
      used += 1
      const time = service.services.context.clocks.business.now().toISOString()
      const event = { id: `held-${made}-${used}`, source: 'test', time, subject: agreement.id, type: 'scans' }
      unwrap(await client.POST('/v1/usage', { body: { ...event, data: { quantity } } }))
      await service.move(HOUR)
      await service.move(HOUR / 2)
    },
    records: async () => {
      const query = { agreement_id: agreement.id, sort: 'hour' as const }
      return unwrap(await client.GET('/v1/usage/records', { params: { query } })).items
    },
    drift: async () => {
      const query = { subject_id: id, kind: 'listing_drift' as const }
      return unwrap(await client.GET('/v1/exceptions', { params: { query } })).items
    },
    summary: async () => {
      const query = { agreement_id: agreement.id }
      return unwrap(await client.GET('/v1/usage/summary', { params: { query } })).items[0]
    },
    read: () => readListing(client, id),
  }
}
