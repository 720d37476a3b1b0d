// The ten feeds that describe: what is kept of a row, and what goes no further than the connector.
import { describe, expect, test } from 'vitest'
import { parseFeed } from '../../../connectors/aws/settlements/feeds.ts'
import { StatementError, type StatementItem } from '../../../connectors/connector.ts'

async function* file(row: Record<string, string>) {
  yield Object.keys(row)
  yield Object.values(row)
}

async function read(feed: string, row: Record<string, string>): Promise<StatementItem[]> {
  const items: StatementItem[] = []
  for await (const item of parseFeed(`aws.${feed}_v1`, file(row))) items.push(item)
  return items
}

describe('what describes', () => {
  const when = {
    valid_from: '2026-09-01T00:00:00Z',
    update_date: '2026-09-02T00:00:00Z',
    delete_date: '',
  }
  const told = (feed: string, row: Record<string, string>) => read(feed, { ...when, ...row })
  const account = {
    account_id: 'feed-1',
    aws_account_id: '111122223333',
    encrypted_account_id: 'secret',
    mailing_address_id: 'ad-1',
    tax_address_id: 'ad-2',
    tax_legal_name: 'Example Corp',
    tax_registration_number: 'DE123',
    catalog: 'AWSMarketplace',
  }

  test('keeps of an account its name and where its address is told, and nothing else', async () => {
    expect(await told('accountfeed', account)).toEqual([
      {
        is: 'description',
        description: {
          kind: 'account',
          key: 'feed-1',
          about: '111122223333',
          valid_from: new Date('2026-09-01T00:00:00Z'),
          version: '2026-09-02T00:00:00.000Z',
          deleted: false,
          values: { name: 'Example Corp', address: 'ad-1' },
        },
        owner: null,
      },
    ])
  })

  test('keeps of an address neither its e-mail nor its postal code', async () => {
    const row = {
      address_id: 'ad-1',
      company_name: 'Example',
      email_domain: 'example.com',
      country_code: 'DE',
      state_or_region: 'BE',
      city: 'Berlin',
      postal_code: '10115',
    }
    const [item] = await told('addressfeed', row)
    expect(JSON.stringify(item)).not.toMatch(/example\.com|10115/)
    expect(item).toMatchObject({ description: { values: { company: 'Example', city: 'Berlin' } } })
  })

  test('marks what was taken back, and names whose file it is', async () => {
    const row = { offer_id: 'offer-1', offer_revision: '2', name: 'Spring', recipient_account_id: 'feed-9' }
    const [item] = await told('offerfeed', { ...row, delete_date: '2026-09-03T00:00:00Z' })
    expect(item).toMatchObject({
      owner: 'feed-9',
      description: { deleted: true, key: 'offer-1/00000002', values: { name: 'Spring' } },
    })
  })

  test('an agreement without an end, and one that is over', async () => {
    const row = {
      agreement_id: 'agmt-1',
      offer_id: 'offer-1',
      proposer_account_id: 'feed-1',
      acceptor_account_id: 'feed-2',
      start_time: '2026-09-01T00:00:00Z',
      end_time: '9999-01-01T00:00:00Z',
      acceptance_time: '2026-09-01T00:00:00Z',
      status: 'ACTIVE',
    }
    expect(await told('agreementfeed', row)).toMatchObject([
      { description: { values: { state: 'active', ends_at: null } } },
    ])
    expect(await told('agreementfeed', { ...row, status: 'TERMINATED' })).toMatchObject([
      { description: { values: { state: 'ended', cloud_state: 'TERMINATED' } } },
    ])
  })

  test.each([
    ['BuyerAccounts', 'PositiveTargeting', '111122223333'],
    ['BuyerAccounts', 'NegativeTargeting', null],
    ['CountryCodes', 'PositiveTargeting', null],
  ])('an offer for %s, %s, is for the account %s', async (target_type, polarity, found) => {
    const row = { offer_target_id: 't', offer_id: 'o', offer_revision: '1', target_type, polarity }
    expect(await told('offertargetfeed', { ...row, value: '111122223333' })).toMatchObject([
      { description: { values: { account: found } } },
    ])
  })

  test.each([
    ['accountfeed', { ...account, account_id: '' }, 'account_id'],
    ['accountfeed', { ...account, valid_from: '' }, 'valid_from'],
    ['accountfeed', { ...account, update_date: 'yesterday' }, 'update_date'],
    [
      'taxitemfeed',
      {
        tax_item_id: 't',
        invoice_id: 'i',
        tax_type_code: 'Vat',
        taxed_jurisdiction: 'DE',
        tax_jurisdiction_rate: '0.19',
        tax_amount: 'much',
        tax_currency: 'EUR',
      },
      'tax_amount',
    ],
  ])('of %s is refused where it is damaged', async (feed, row, column) => {
    const error = await told(feed, row).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StatementError)
    expect(error).toMatchObject({ problem: { row: 2, column } })
  })
})
