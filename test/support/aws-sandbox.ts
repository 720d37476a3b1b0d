// The sandbox's control API with what its AWS Marketplace knows beside.
import { openStoryMarket } from '../../src/demo/clouds/aws/market.ts'
import { openControl } from '../../src/sandbox/model.ts'

export type AwsSandbox = ReturnType<typeof openAwsSandbox>

export function openAwsSandbox(address: string) {
  const control = openControl(address)
  return {
    ...control,
    ...openStoryMarket(control),
    eventsTo: (account_id: string, url: string) =>
      control.send('/aws/event-destinations', { account_id, url }),
    register: (buyer: string, agreement_id: string) =>
      control.send<{ registration_token: string; fulfillment_url: string }>(`/aws/buyers/${buyer}/register`, {
        agreement_id,
      }),
  }
}
