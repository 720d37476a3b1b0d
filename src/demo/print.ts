// The verdict for people: plain text, one fact a line.
import type { DealVerdict, Verdict } from './verdict.ts'

export function describe(verdict: Verdict): string {
  const lines = verdict.deals.flatMap(describeDeal)
  for (const { seat, total } of verdict.seats) {
    for (const { expected, banked } of total) {
      lines.push('', `In all, for the ${seat}: expected ${show(expected)}, banked ${show(banked)}`)
    }
  }
  lines.push('', 'Checks')
  for (const check of verdict.checks)
    lines.push(`  ${check.ok ? 'ok  ' : 'FAIL'} ${check.name} (${check.detail})`)
  lines.push('', verdict.ok ? 'All of it is true.' : 'Something is not true: see the lines marked FAIL.')
  return lines.join('\n')
}

function describeDeal(deal: DealVerdict): string[] {
  const lines = ['', `${deal.name}\n${'='.repeat(deal.name.length)}`]
  for (const { title, events } of deal.timelines) {
    lines.push('', title)
    for (const event of events)
      lines.push(`  ${event.occurred_at.slice(0, 16).replace('T', ' ')}  ${event.sentence}`)
  }
  lines.push('', 'Usage (used = drawn + sent + carried + lost)')
  for (const meter of deal.usage) {
    lines.push(
      `  ${meter.agreement_id} ${meter.dimension}: ${meter.used} = ${meter.drawn} + ${meter.sent} + ${meter.carried} + ${meter.lost}`,
    )
  }
  return [...lines, ...describeMoney(deal)]
}

function describeMoney(deal: DealVerdict): string[] {
  const lines: string[] = []
  for (const seat of ['vendor', 'reseller'] as const) {
    if (deal.reconciliation[seat].length === 0) continue
    lines.push('', `Expected against received, for the ${seat}`)
    for (const item of deal.reconciliation[seat]) {
      lines.push(
        `  ${item.agreement_id ?? 'without an agreement'}: expected ${show(item.expected)}, banked ${show(item.banked)}`,
      )
      for (const cause of item.causes) lines.push(`    ${cause.cause}: ${show(cause.amount)}`)
    }
  }
  lines.push('', 'Partner statements')
  for (const statement of deal.partner_statements) {
    const { month, lines: shares } = statement.content
    const counted = shares.length === 1 ? 'one line' : `${shares.length} lines`
    lines.push(`  ${month}: ${show(statement.total)} (${counted}), digest ${statement.digest.slice(0, 16)}…`)
  }
  lines.push('', 'Commitments')
  for (const { name, balance } of deal.commitments) {
    const figures = [
      `promised ${figure(balance.promised)}`,
      `invoiced ${figure(balance.eligible_invoiced)}`,
      `drawn ${figure(balance.drawn)}`,
      `remaining ${figure(balance.remaining)}`,
      `drawable by marketplace sales ${figure(balance.drawable)}`,
    ]
    lines.push(`  ${name}: ${figures.join(', ')}`)
  }
  return lines
}

function show({ currency, amount }: { currency: string; amount: string }): string {
  const [whole = '', cents = '00'] = amount.split('.')
  return `${currency} ${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`
}

function figure(value: { amount: { currency: string; amount: string }; basis: string }): string {
  return `${show(value.amount)} (${value.basis})`
}
