/** The options of AWS as a form asks for them; what they may be is said in options.ts. */
import type { OptionField } from '../../connector.ts'
import { limits } from './limits.ts'

const eula: OptionField = {
  name: 'eula',
  title: 'Agreement text',
  help: 'The address of a PDF of your own that AWS can fetch; if empty, AWS’s standard contract.',
  holds: 'text',
}
const net_payment: OptionField = {
  name: 'net_payment_days',
  title: 'Days to pay',
  help: 'How long the buyer has to pay an invoice. If empty, as AWS has it for the buyer.',
  holds: 'choice',
  choices: limits.net_payment_days.map(String),
}
const choice: OptionField = {
  name: 'choice',
  title: 'What the buyer can choose',
  help: 'Of prices to choose among: several dimensions in any quantity, or one of them once.',
  holds: 'choice',
  choices: ['quantities', 'one'],
}
const ends_on: OptionField = {
  name: 'ends_on',
  title: 'Last day of the agreement',
  help: 'In place of the duration. A replacement of an agreement needs it.',
  holds: 'date',
  to_replace: true,
}
const offer_set: OptionField = {
  name: 'offer_set_id',
  title: 'Offer set',
  help: 'The id of a set that was made at AWS: the offer is added to it.',
  holds: 'text',
}

export const listingOptionFields: readonly OptionField[] = [
  {
    name: 'limited_to',
    title: 'Who sees it while it is limited',
    help: 'Up to 100 AWS account IDs. If nothing is said, only your own account sees it until it is public.',
    holds: 'text',
    pattern: '^\\d{12}$',
    list: true,
  },
  {
    name: 'eula',
    title: 'Agreement text',
    help: '"standard" for AWS\'s standard contract, or the https address of a PDF of your own.',
    holds: 'text',
    pattern: '^(standard|https?://\\S+)$',
  },
]

export const offerOptionFields: readonly OptionField[] = [
  eula,
  net_payment,
  {
    name: 'starts_on',
    title: 'First day of the agreement',
    help: 'After the last day of acceptance. It needs a last day of the agreement.',
    holds: 'date',
  },
  ends_on,
  choice,
  {
    name: 'renewal.price_increase_percent',
    title: 'Renewal: price increase in per cent',
    help: 'Makes the agreement renew itself at this increase; 0 for the same price.',
    holds: 'text',
  },
  {
    name: 'renewal.lowest_percent',
    title: 'Renewal: lowest increase in per cent',
    help: 'In place of one increase: a range in which you choose before each renewal.',
    holds: 'text',
  },
  {
    name: 'renewal.usual_percent',
    title: 'Renewal: increase if you choose none',
    help: 'Of a range.',
    holds: 'text',
  },
  {
    name: 'renewal.highest_percent',
    title: 'Renewal: highest increase in per cent',
    help: 'Of a range.',
    holds: 'text',
  },
  {
    name: 'renewal.adjustment_days',
    title: 'Renewal: choose the increase so many days before',
    help: 'Of a range, which needs it.',
    holds: 'number',
  },
  {
    name: 'renewal.lockout_days',
    title: 'Renewal: no change so many days before',
    help: 'From then on neither you nor the buyer can stop it.',
    holds: 'number',
  },
  {
    name: 'renewal.maximum',
    title: 'Renewal: at most so many times',
    help: 'If empty, without end.',
    holds: 'number',
  },
]

export const authorizationOptionFields: readonly OptionField[] = [
  eula,
  {
    name: 'reseller_contract',
    title: 'Contract with the reseller',
    help: 'The address of a PDF of your own; if empty, AWS’s standard contract for resellers.',
    holds: 'text',
  },
  net_payment,
  choice,
  {
    name: 'latest_start_on',
    title: 'Latest first day',
    help: 'Agreements made under it begin on this day at the latest.',
    holds: 'date',
  },
  {
    name: 'reseller_role',
    title: 'Role of the reseller',
    help: 'A channel partner sells to the buyer; a distributor passes it on to one who does.',
    holds: 'choice',
    choices: ['ChannelPartner', 'Distributor'],
  },
]

export const resellerOfferOptionFields: readonly OptionField[] = [net_payment, ends_on, offer_set]
