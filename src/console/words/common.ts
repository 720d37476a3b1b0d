// What every screen says. English, and all of it here and beside: another language is another folder of this shape.

/** Words for a number of things: "1 offer", "3 offers". */
export function many(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : several}`
}

export const common = {
  product: 'Syndic',
  skip: 'Skip to the content',
  loading: 'Loading',
  retry: 'Try again',
  save: 'Save',
  cancel: 'Cancel',
  close: 'Close',
  open: 'Open',
  back: 'Back',
  yes: 'Yes',
  no: 'No',
  none: '—',
  copy: 'Copy',
  copied: 'Copied',
  saved: 'Saved.',
  all: 'All',
  search: 'Search',
  from: 'From',
  until: 'Until',
  actions: 'Actions',
  details: 'Details',
  raw: "The cloud's own words",
  notFound: 'There is nothing at this address',
  notFoundHelp: 'It may belong to another organisation, or the address is mistyped.',
  notAllowed: (permission: string) =>
    `Your roles do not allow this (${permission}). An owner can change them.`,
  problem: {
    title: 'This did not work',
    lost: 'The service could not be reached. What you typed is still here; try again.',
    fix: 'What to do',
    more: 'About this kind of problem',
  },
  list: {
    first: 'First page',
    previous: 'Previous page',
    next: 'Next page',
    rows: (shown: number, page: number) => `${many(shown, 'row')}, page ${page}`,
    sortedUp: 'sorted upwards',
    sortedDown: 'sorted downwards',
    clear: 'Clear filters',
    noneFound: 'Nothing fits these filters',
    noneFoundHelp: 'Change them, or clear them to see everything.',
    table: (title: string) => `${title}, table; scroll sideways to see all columns`,
  },
  chart: { asTable: 'Show as a table', asChart: 'Show as a chart' },
  timeline: { title: 'Timeline', empty: 'Nothing has happened yet.' },
  clouds: { aws: 'AWS', azure: 'Azure', gcp: 'Google Cloud' },
  form: {
    optional: 'optional',
    instead: 'Fix what is marked, then send again.',
  },
}
