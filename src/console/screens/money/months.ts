/** The months from one to another, both of them too. */
export function monthsUntil(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = first; month <= last; month = after(month)) months.push(month)
  return months
}

/** The month after a month. */
function after(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}

/** The month before the one an instant lies in. */
export function lastMonth(now: string): string {
  const [year = 0, number = 1] = now.slice(0, 7).split('-').map(Number)
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
}
