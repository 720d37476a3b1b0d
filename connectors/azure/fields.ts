// What a connection to Microsoft's marketplace is made of, for the form, the check and the people who fill it in.
import type { CloudGuide, ConnectionField } from '../connector.ts'

const GUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'

export const guide: CloudGuide = {
  name: 'Microsoft commercial marketplace',
  account: {
    title: 'Seller ID',
    help: 'The number of the seller in Partner Center; multiparty offers name their partner by it.',
    where: 'Partner Center, Account settings, Identifiers.',
  },
  webhook:
    'The connection webhook in the technical configuration of each SaaS offer. Offers that are published from here have it; enter it yourself in offers you made in Partner Center.',
  sign_up:
    'The landing page URL in the technical configuration of each SaaS offer. Offers that are published from here have it; enter it yourself in offers you made in Partner Center.',
}

export const connectionFields: readonly ConnectionField[] = [
  {
    name: 'tenant_id',
    title: 'Directory (tenant) ID',
    secret: false,
    required: true,
    pattern: GUID,
    help: 'The directory (tenant) id of the publisher.',
    where: 'Azure portal, Microsoft Entra ID, Overview.',
  },
  {
    name: 'client_id',
    title: 'Application (client) ID',
    secret: false,
    required: true,
    pattern: GUID,
    help: 'The application (client) id that Partner Center and the technical configuration know.',
    where: 'Azure portal, Microsoft Entra ID, App registrations, the application, Overview.',
  },
  {
    name: 'client_secret',
    title: 'Client secret',
    secret: true,
    required: true,
    help: 'A client secret of that application.',
    where:
      'App registrations, the application, Certificates & secrets: the value, shown once when it is made.',
  },
  {
    name: 'publisher_id',
    title: 'Publisher ID',
    secret: false,
    required: false,
    help: 'The publisher id that subscriptions name, such as "contoso"; messages for another one are refused.',
    where: 'Partner Center, Account settings, Identifiers.',
  },
  {
    name: 'contact_email',
    title: 'Contact for private offers',
    secret: false,
    required: false,
    pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
    help: 'Who prepares private offers and is written to about them; Azure wants it for every private offer.',
  },
  {
    name: 'webhook_url',
    title: 'Another address for messages',
    secret: false,
    required: false,
    pattern: '^https?://.+$',
    help: 'The address that listings give to Azure for its messages, if it is another one.',
  },
  {
    name: 'webhook_app_id',
    title: 'Application of the messages',
    secret: false,
    required: false,
    pattern: GUID,
    help: 'The application that messages are signed for, if the technical configuration names another one.',
    where: 'Partner Center, the offer, Technical configuration.',
  },
  {
    name: 'webhook_tenant_id',
    title: 'Tenant of that application',
    secret: false,
    required: false,
    pattern: GUID,
    help: 'The tenant of that application, if it is another one.',
    where: 'Partner Center, the offer, Technical configuration.',
  },
  {
    name: 'payout_exports',
    title: 'Payout exports',
    secret: false,
    required: false,
    pattern: '^(yes|no)$',
    choices: ['yes', 'no'],
    help: 'Write "yes" if the application may ask for payout exports; else upload the files of Partner Center.',
  },
]
