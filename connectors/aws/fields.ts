// What a connection to AWS is made of, for the form, the check and the people who fill it in.
import type { CloudGuide, ConnectionField } from '../connector.ts'
import { documents } from './connecting/documents.ts'
import { permissions } from './connecting/permissions.ts'

export const guide: CloudGuide = {
  name: 'AWS Marketplace',
  account: {
    title: 'AWS account ID',
    pattern: '^\\d{12}$',
    help: 'The twelve digits of the account that is registered as the seller.',
    where: 'In the menu with your name, at the top right of the AWS console.',
  },
  webhook:
    'In us-east-1, send the events of the sources aws.marketplacecatalog, aws.agreement-marketplace and aws.marketplace by an EventBridge rule to an SNS topic of this account, and subscribe this address to the topic by HTTPS. The subscription confirms itself.',
  sign_up:
    'The fulfillment URL of each SaaS product, where AWS sends its buyers. Listings that are published from here have it; enter it yourself in products you made in the AWS Marketplace Management Portal.',
  connecting: { permissions, documents },
}

export const connectionFields: readonly ConnectionField[] = [
  {
    name: 'access_key_id',
    title: 'Access key ID',
    secret: true,
    required: true,
    pattern: '^[A-Z0-9]{16,128}$',
    help: 'The access key of an IAM user of the seller account.',
    where: 'IAM, Users, the user, Security credentials, Create access key.',
  },
  {
    name: 'secret_access_key',
    title: 'Secret access key',
    secret: true,
    required: true,
    help: 'The secret that belongs to the access key.',
    where: 'Shown once, when the access key is made.',
  },
  {
    name: 'role_arn',
    title: 'Role ARN',
    secret: false,
    required: false,
    pattern: '^arn:aws[a-z-]*:iam::\\d{12}:role/.+$',
    help: 'A role to take on for every call, if the key may do nothing else.',
    where: 'IAM, Roles, the role, Summary.',
  },
  {
    name: 'external_id',
    title: 'External ID',
    secret: false,
    required: false,
    made_with: 'role_arn',
    pattern: '^[\\w+=,.@:/-]{2,1224}$',
    help: 'The external id that the role asks for. With a role and without this, it is ours: the one in the trust policy we make.',
    where: 'IAM, Roles, the role, Trust relationships: the condition on sts:ExternalId, if it has one.',
  },
  {
    name: 'feed_bucket',
    title: 'Bucket of the data feeds',
    secret: false,
    required: false,
    pattern: '^[a-z0-9.-]{3,63}$',
    help: 'The S3 bucket that the seller data feeds are delivered to. Without it, bring the files by hand.',
    where: 'AWS Marketplace Management Portal, where the delivery of data feeds was set up.',
  },
  {
    name: 'feed_bucket_region',
    title: 'Region of the bucket',
    secret: false,
    required: false,
    pattern: '^[a-z0-9-]+$',
    help: 'The region of the bucket, if it is another one than us-east-1.',
  },
  {
    name: 'feed_prefix',
    title: 'Folder of the feeds',
    secret: false,
    required: false,
    help: 'The folder of the feeds inside the bucket.',
  },
  {
    name: 'topic_arn',
    title: 'SNS topics',
    secret: false,
    required: false,
    help: 'The SNS topics whose messages are taken, if they are not all those of the seller account.',
    where: 'Amazon SNS, Topics, the topic, ARN.',
  },
]
