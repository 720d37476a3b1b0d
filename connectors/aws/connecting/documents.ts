/**
 * What is copied into AWS's own pages. Sources: the IAM, EventBridge and SNS guides (policies by statement, event patterns
 * by source, who may publish to a topic) and the seller guide on events, read in 2026.
 */
import type { GuideDocument, GuideFacts } from '../../connector.ts'
import { permissions } from './permissions.ts'

/** What stands in a document for what is not known yet. */
const ACCOUNT = '111122223333'
const TOPIC = 'syndic-marketplace'
/** Where AWS tells of changes, agreements, licences and payments. */
const EVENT_SOURCES = ['aws.marketplacecatalog', 'aws.agreement-marketplace', 'aws.marketplace']
const VERSION = '2012-10-17'

/** Every document that an account needs, filled in as far as its facts are known. */
export function documents(facts: GuideFacts): GuideDocument[] {
  return [permissionsPolicy(facts), ...rolePolicies(facts), ...messages(facts), ...buyers(facts)]
}

function permissionsPolicy({ side, settings }: GuideFacts): GuideDocument {
  const actions = permissions
    .filter(({ sides }) => sides.includes(side))
    .map(({ permission }) => permission)
    .filter((action) => action.startsWith('aws-marketplace:'))
    .sort()
  const { feed_bucket, feed_prefix = '' } = settings
  const folder = feed_prefix.replace(/^\/+|\/+$/g, '')
  const bucket = feed_bucket
    ? [
        allow('FindDataFeeds', ['s3:ListBucket'], `arn:aws:s3:::${feed_bucket}`),
        allow(
          'ReadDataFeeds',
          ['s3:GetObject'],
          `arn:aws:s3:::${feed_bucket}/${folder === '' ? '' : `${folder}/`}*`,
        ),
      ]
    : []
  return {
    name: 'policy',
    step: 'permissions',
    title: 'The IAM policy',
    where: settings.role_arn
      ? 'IAM, Policies, Create policy, JSON. Then attach it to the role.'
      : 'IAM, Policies, Create policy, JSON. Then attach it to the user whose key you give here.',
    text: policy([allow('Marketplace', actions, '*'), ...bucket]),
  }
}

/** For a role: who may take it on, and that the user with the key is one of them. */
function rolePolicies({ account_id = ACCOUNT, settings }: GuideFacts): GuideDocument[] {
  const { role_arn, external_id } = settings
  if (!role_arn) return []
  const trust = {
    Sid: 'TakeOn',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account_id}:root` },
    Action: 'sts:AssumeRole',
    ...(external_id ? { Condition: { StringEquals: { 'sts:ExternalId': external_id } } } : {}),
  }
  return [
    {
      name: 'trust',
      step: 'permissions',
      title: 'The trust policy of the role',
      where:
        'IAM, Roles, the role, Trust relationships, Edit. If the user with the key is of another account than the seller, write the number of that account.',
      text: policy([trust]),
    },
    {
      name: 'assume',
      step: 'permissions',
      title: 'The policy of the user who takes on the role',
      where: 'IAM, Users, the user whose key you give here, Add permissions. It needs nothing else.',
      text: policy([allow('TakeOn', ['sts:AssumeRole'], role_arn)]),
    },
  ]
}

/** How messages come to us: a rule, a topic it may publish to, and a subscription of that topic. */
function messages({ account_id = ACCOUNT, settings, webhook }: GuideFacts): GuideDocument[] {
  const [first] = (settings.topic_arn ?? '').split(/[\s,]+/)
  const topic = first || `arn:aws:sns:us-east-1:${account_id}:${TOPIC}`
  const publish = {
    Sid: 'EventBridge',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: topic,
  }
  return [
    {
      name: 'topic_policy',
      step: 'addresses',
      title: 'The access policy of the SNS topic',
      where:
        'Amazon SNS in us-east-1, Topics: make a standard topic with the name at the end of its ARN, then Access policy, Edit: add this statement.',
      text: policy([publish]),
    },
    {
      name: 'event_pattern',
      step: 'addresses',
      title: 'The EventBridge rule',
      where:
        'Amazon EventBridge in us-east-1, Rules, Create rule on the default bus, Rule with an event pattern: paste this as its custom pattern, and choose the SNS topic as its target.',
      text: document({ source: [...EVENT_SOURCES] }),
    },
    ...(webhook === null
      ? []
      : [
          {
            name: 'subscription',
            step: 'addresses' as const,
            title: 'The subscription of the topic',
            where:
              'Amazon SNS, Topics, the topic, Create subscription, protocol HTTPS, raw message delivery off: paste this as its endpoint. It confirms itself.',
            text: webhook,
          },
        ]),
  ]
}

function buyers({ side, sign_up }: GuideFacts): GuideDocument[] {
  if (side === 'reseller' || sign_up === null) return []
  return [
    {
      name: 'fulfillment_url',
      step: 'addresses',
      title: 'The fulfillment URL of each product',
      where:
        'AWS Marketplace Management Portal, SaaS products, the product, Request changes, Update fulfillment options. Listings that are published from here have it.',
      text: sign_up,
    },
  ]
}

const allow = (Sid: string, Action: string[], Resource: string) => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
})

const policy = (Statement: readonly unknown[]) => document({ Version: VERSION, Statement })
const document = (content: unknown) => JSON.stringify(content, null, 2)
