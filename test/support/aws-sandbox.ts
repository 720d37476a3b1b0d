// The sandbox's control API with what its AWS Marketplace knows beside.
import { openAwsMarket } from '../../src/demo/clouds/aws/market.ts'
import { openSandbox, type Sandbox } from '../../src/demo/sandbox.ts'

export type AwsSandbox = Sandbox & ReturnType<typeof openAwsMarket>

export function openAwsSandbox(control: string): AwsSandbox {
  const sandbox = openSandbox(control)
  return { ...sandbox, ...openAwsMarket(sandbox) }
}
