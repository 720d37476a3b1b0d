// What the story needs of AWS Marketplace beside what everybody may do there.
import { type Control, openAwsMarket } from '../../../sandbox/model.ts'

export function openStoryMarket(control: Pick<Control, 'read' | 'send' | 'change'>) {
  const { read } = control
  return {
    ...openAwsMarket(control),
    acceptedUsage: (account_id: string) =>
      read<{ agreement_id: string; dimension: string; quantity: number }[]>(
        `/aws/accepted?kind=usage&account_id=${account_id}`,
      ),
    payouts: (account_id: string) => read<{ amount: string }[]>(`/aws/payouts?account_id=${account_id}`),
  }
}
