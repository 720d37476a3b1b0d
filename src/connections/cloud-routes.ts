import { createRoute, z } from '@hono/zod-openapi'
import {
  type Connector,
  clouds,
  type GuidePermission,
  type OptionField,
  pricingKinds,
  sides,
} from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { json, makeRouter, orNull, refusals } from '../door/index.ts'
import { capabilities, doneBy } from './capabilities.ts'
import { guideFor } from './guide.ts'
import { fieldsOf } from './model.ts'

const described = {
  title: z.string(),
  pattern: z.string().nullable().openapi({ description: 'A regular expression that the whole value fits.' }),
  help: z.string().openapi({ description: 'What it is.' }),
  where: z.string().nullable().openapi({ description: "Where in the cloud's own pages it is found." }),
}

const field = z.object({
  name: z.string(),
  ...described,
  secret: z.boolean().openapi({ description: 'True for a credential, false for a setting.' }),
  required: z.boolean(),
  choices: z.array(z.string()).nullable().openapi({ description: 'The only values it may have.' }),
  long: z.boolean().openapi({ description: 'A text of several lines.' }),
})

const option = z
  .object({
    name: z.string().openapi({ description: 'Its name in options; a dot goes inwards.' }),
    title: z.string(),
    help: z.string(),
    holds: z.enum(['date', 'number', 'text', 'choice', 'yes']),
    choices: z.array(z.string()).nullable(),
    pattern: z.string().nullable().openapi({ description: 'Of the whole text, or of each entry of a list.' }),
    list: z.boolean().openapi({ description: 'Several of them.' }),
    to_replace: z
      .boolean()
      .openapi({ description: 'Needed where the offer takes the place of an agreement.' }),
  })
  .openapi('CloudOption')
const options = z.array(option)
const optionsOf = z
  .object({ listing: options, offer: options, authorization: options, reseller_offer: options })
  .openapi({ description: 'What the options of each may say on this cloud, where it is known.' })

const selling = z.object({
  kinds: z.array(z.enum(pricingKinds)).openapi({ description: 'What an offer can be priced by.' }),
  opened_kinds: z
    .array(z.enum(pricingKinds))
    .openapi({ description: 'The same of what is opened to a reseller.' }),
  replaces: z.boolean().openapi({ description: 'Whether an offer can take the place of an agreement.' }),
  opens_without_end: z.boolean(),
  own_schedule: z.boolean().openapi({
    description: 'Whether a reseller may give instalments of its own in place of a markup.',
  }),
  offer_sets: orNull(
    z.object({ offers_min: z.number(), offers_max: z.number(), name_max: z.number(), notes_max: z.number() }),
  ).openapi({ description: 'null: the cloud has no sets of offers.' }),
})

const address = z.object({
  name: z.enum(['webhook', 'sign_up']),
  url: z.string().nullable().openapi({
    description: 'With {connection_id} to be filled in; null where the service has no public address.',
  }),
  where: z.string().openapi({ description: 'Where the cloud has to be told.' }),
})

const cloud = z
  .object({
    cloud: z.enum(clouds),
    name: z.string(),
    account: z.object(described),
    fields: z.array(field),
    capabilities: z.array(
      z.object({
        name: z.string(),
        words: z.string(),
        by: z.enum(['interface', 'person', 'nobody']),
      }),
    ),
    addresses: z.array(address),
    guided: z.boolean().openapi({ description: 'Connected step by step: see the guide of this cloud.' }),
    options: optionsOf,
    selling: orNull(selling).openapi({ description: 'null: nothing is sold there from here.' }),
  })
  .openapi('CloudDescription')

const list = createRoute({
  method: 'get',
  path: '/v1/clouds',
  tags: ['Connections'],
  summary:
    'What each cloud is: what a connection needs, what can be done, which addresses the cloud has to be told',
  responses: { 200: json(z.object({ items: z.array(cloud) }), 'Every cloud that is built in'), ...refusals },
})

const SETTINGS_MAX = 4000
const known = z.record(z.string(), z.string())

const guideSchema = z
  .object({
    side: z.enum(sides),
    permissions: z.array(
      z.object({
        permission: z.string(),
        words: z.string().openapi({ description: 'What it does.' }),
        for: z.array(z.object({ name: z.string(), words: z.string() })).openapi({
          description: 'What cannot be done without it; empty: nothing works without it.',
        }),
        untested: z.string().nullable().openapi({
          description: 'Why the test of a connection cannot try it; null: it does.',
        }),
      }),
    ),
    documents: z.array(
      z.object({
        name: z.string(),
        step: z.enum(['permissions', 'addresses']),
        title: z.string(),
        where: z.string(),
        text: z.string().openapi({ description: 'To copy as it stands.' }),
      }),
    ),
  })
  .openapi('CloudGuide')

const readGuide = createRoute({
  method: 'get',
  path: '/v1/clouds/{cloud}/guide',
  tags: ['Connections'],
  summary: "What to allow and to copy into the cloud's own pages, filled in as far as the account is known",
  description: 'Empty for clouds that do not grant permissions by name.',
  request: {
    params: z.object({ cloud: z.enum(clouds) }),
    query: z.object({
      side: z.enum(sides).optional().openapi({ description: "This organisation's own, if nothing is said." }),
      connection_id: z.string().max(60).optional(),
      account_id: z.string().max(200).optional(),
      settings: z.string().max(SETTINGS_MAX).optional().openapi({
        description:
          'The settings chosen so far, as a JSON object of texts; those of the connection otherwise.',
      }),
    }),
  },
  responses: { 200: json(guideSchema, 'The guide'), ...refusals },
})

export function cloudRoutes(context: Context) {
  return makeRouter()
    .openapi(list, (door) => {
      const items = clouds.flatMap((name) => context.connectors[name] ?? [])
      return door.json({ items: items.map((one) => shown(one, context.config.public_url)) }, 200)
    })
    .openapi(readGuide, async (door) => {
      const { cloud } = door.req.valid('param')
      const { settings, ...asked } = door.req.valid('query')
      const connector = context.connectors[cloud]
      if (connector === undefined)
        throw new Refusal('invalid-input', `This installation has no connector for ${cloud}.`)
      const question = { ...asked, settings: settings === undefined ? undefined : readSettings(settings) }
      const { organisation_id } = door.get('caller')
      const found = await context.store.inTenant(organisation_id, (scope) =>
        guideFor(scope, connector, context.config.public_url, question),
      )
      return door.json({ ...found, permissions: found.permissions.map(shownPermission) }, 200)
    })
}

function readSettings(text: string): Record<string, string> {
  try {
    return known.parse(JSON.parse(text))
  } catch {
    throw invalid('settings', 'is not a JSON object of texts', 'Such as {"feed_bucket":"my-feeds"}')
  }
}

function shownPermission({ permission, words, for: needed, untested }: GuidePermission) {
  const wordsOf = (name: string) => capabilities.find((one) => one.name === name)?.words ?? name
  return {
    permission,
    words,
    for: needed.map((name) => ({ name, words: wordsOf(name) })),
    untested: untested ?? null,
  }
}

function setsOf({ sets }: NonNullable<Connector['offers']>): z.infer<typeof selling>['offer_sets'] {
  if (sets === undefined) return null
  const { offers_min, offers_max, name_max, notes_max } = sets.rules
  return { offers_min, offers_max, name_max, notes_max }
}

/** What of selling differs from cloud to cloud, for the forms. */
function sellingOf({ offers, syndication }: Connector): z.infer<typeof selling> | null {
  if (offers === undefined) return null
  const { kinds, opened_kinds, replaces, opens_without_end } = offers.rules
  return {
    kinds: [...kinds],
    opened_kinds: [...opened_kinds],
    replaces,
    opens_without_end,
    own_schedule: syndication?.own_schedule ?? false,
    offer_sets: setsOf(offers),
  }
}

function optionFields(list: readonly OptionField[] = []): z.infer<typeof options> {
  return list.map(({ choices, pattern, list: several, to_replace, ...rest }) => ({
    ...rest,
    choices: choices === undefined ? null : [...choices],
    pattern: pattern ?? null,
    list: several ?? false,
    to_replace: to_replace ?? false,
  }))
}

function shown(connector: Connector, public_url: string | undefined): z.infer<typeof cloud> {
  const { guide } = connector
  const url = (path: string) => (public_url === undefined ? null : `${public_url}${path}/{connection_id}`)
  const webhook = { name: 'webhook' as const, url: url('/v1/webhooks'), where: guide.webhook }
  const sign_up = { name: 'sign_up' as const, url: url('/sign-up'), where: guide.sign_up }
  return {
    cloud: connector.cloud,
    name: guide.name,
    account: {
      title: guide.account.title,
      pattern: guide.account.pattern ?? null,
      help: guide.account.help,
      where: guide.account.where ?? null,
    },
    fields: fieldsOf(connector).map(({ pattern, choices, long, where, made_with: _, ...rest }) => ({
      ...rest,
      pattern: pattern ?? null,
      choices: choices === undefined ? null : [...choices],
      long: long ?? false,
      where: where ?? null,
    })),
    capabilities: capabilities.map((one) => ({
      name: one.name,
      words: one.words,
      by: doneBy(connector, one),
    })),
    guided: guide.connecting !== undefined,
    options: {
      listing: optionFields(connector.listings?.options),
      offer: optionFields(connector.offers?.options),
      authorization: optionFields(connector.syndication?.options),
      reseller_offer: optionFields(connector.syndication?.offer_options),
    },
    addresses: [
      ...(connector.webhooks === undefined ? [] : [webhook]),
      ...(connector.agreements === undefined ? [] : [sign_up]),
    ],
    selling: sellingOf(connector),
  }
}
