// What a connection to Google's marketplace is made of, for the form, the check and the people who fill it in.
import type { CloudGuide, ConnectionField } from '../connector.ts'

const EMAIL = '^[^@\\s]+@[^@\\s]+$'

export const guide: CloudGuide = {
  name: 'Google Cloud Marketplace',
  account: {
    title: 'Provider ID',
    help: 'The name under which the seller is registered, such as "acme-inc".',
    where:
      'Producer Portal: the last part of the Pub/Sub topic, projects/cloudcommerceproc-prod/topics/<provider id>.',
  },
  webhook:
    'The endpoint of a push subscription on the Pub/Sub topic that Producer Portal names, with authentication by a service account of yours; give that account and the audience below.',
  sign_up:
    'The sign-up URL in the technical integration of each SaaS product in Producer Portal, where Google sends its buyers.',
}

export const connectionFields: readonly ConnectionField[] = [
  {
    name: 'service_account',
    title: 'Service account',
    secret: false,
    required: true,
    pattern: EMAIL,
    help: 'The e-mail address of the service account that is linked in Producer Portal ("client_email" in its key file).',
    where: 'Google Cloud console, IAM & Admin, Service Accounts.',
  },
  {
    name: 'private_key',
    title: 'Private key',
    secret: true,
    required: true,
    long: true,
    help: 'The "private_key" of its key file, from BEGIN to END.',
    where: 'Service Accounts, the account, Keys, Add key, JSON.',
  },
  {
    name: 'project',
    title: 'Project',
    secret: false,
    required: true,
    pattern: '^[a-z][a-z0-9.:-]{4,62}$',
    help: 'The project that the products are published from.',
    where: 'Producer Portal, in the project picker at the top.',
  },
  {
    name: 'location',
    title: 'Location',
    secret: false,
    required: false,
    pattern: '^[a-z0-9-]+$',
    help: 'The location of products and offers, if it is not "global".',
  },
  {
    name: 'service_name',
    title: 'Managed service',
    secret: false,
    required: false,
    pattern: '^[a-z0-9.-]+$',
    help: 'The managed service that usage is reported to, such as example.endpoints.acme-public.cloud.goog.',
    where: 'Producer Portal, the product, Technical integration.',
  },
  {
    name: 'metric_types',
    title: 'Types of the usage metrics',
    secret: false,
    required: false,
    pattern:
      '^\\s*[^:,\\s]+:(int64|double|INT64|DOUBLE)(\\s*,\\s*[^:,\\s]+:(int64|double|INT64|DOUBLE))*\\s*$',
    help: 'Types of usage metrics as in the service configuration, such as requests:int64, stored_gib:double. int64 if nothing is said.',
  },
  {
    name: 'sign_up_audience',
    title: 'Audience of sign-up tokens',
    secret: false,
    required: false,
    help: 'The domain that Producer Portal shows for the sign-up token ("aud").',
    where: 'Producer Portal, the product, Technical integration.',
  },
  {
    name: 'push_service_account',
    title: 'Service account of the push subscription',
    secret: false,
    required: false,
    pattern: EMAIL,
    help: 'The service account that signs the pushes of the Pub/Sub subscription.',
    where: 'Google Cloud console, Pub/Sub, Subscriptions, the subscription, Authentication.',
  },
  {
    name: 'push_audience',
    title: 'Audience of the push subscription',
    secret: false,
    required: false,
    help: 'The audience of the push subscription; Pub/Sub takes the address it pushes to if nothing else was set.',
    where: 'Google Cloud console, Pub/Sub, Subscriptions, the subscription, Authentication.',
  },
  {
    name: 'contact_name',
    title: 'Contact on private offers',
    secret: false,
    required: false,
    help: "The seller's contact on private offers.",
  },
  {
    name: 'contact_email',
    title: 'Their e-mail address',
    secret: false,
    required: false,
    pattern: EMAIL,
    help: 'Where buyers reach that contact.',
  },
  {
    name: 'report_bucket',
    title: 'Bucket of the reports',
    secret: false,
    required: false,
    pattern: '^[a-z0-9._-]{3,222}$',
    help: 'The Cloud Storage bucket that finance reports are delivered to. Without it, bring the files by hand.',
  },
  {
    name: 'report_prefix',
    title: 'Folder of the reports',
    secret: false,
    required: false,
    help: 'The folder of the reports in the bucket.',
  },
]
