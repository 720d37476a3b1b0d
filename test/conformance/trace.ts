// Tracing scenarios to documents. What no cloud has a say in is our contract's, and the same for all of them.
import type { Trace, Traced } from './world.ts'

/** Rules that one document gives, in our words. */
export const by =
  (source: string) =>
  (rule: string): Traced => ({ source, rule })

/** The contract that every connector fills, `connectors/connector.ts` and the files behind it. */
export const contract = by('Our contract')
/** What the sandbox does where the cloud documents nothing; its own page says so. */
export const byDefault = by("The sandbox's defaults")

const reads = 'A failure is told once, as what it is, and the next call begins anew'

export const contractTrace: Trace = {
  'connection.fields': contract('Fields, patterns and secrets of a connection are data'),
  'connection.one_failure': contract('A test says of each permission by itself whether it works'),
  'connection.observed': contract('Each request is told of once, after it ended, without credentials'),
  'listings.unknown_option': contract('What only one cloud knows is read strictly'),
  'listings.by_hand': contract('A step without an interface is a task: title, steps, evidence'),
  'offers.impossible': contract(
    'What the cloud has no terms for is a value with field and words, before sending',
  ),
  'offers.unknown_option': contract('What only one cloud knows is read strictly'),
  'offers.rules_too_fine_price': contract('Nothing is rounded behind anybody'),
  'syndication.by_hand': contract('A step without an interface is a task: title, steps, evidence'),
  'agreements.cursor': contract('A cursor is opaque; one that is broken costs time and never an agreement'),
  'agreements.read': contract('Pulled and read are the same record'),
  'agreements.no_people': contract('Evidence holds what is needed, and people are not'),
  'metering.wrong_quantity': contract(
    'A record that cannot be taken is kept out, and does not hold up the others',
  ),
  'metering.nothing': contract('One request of records, and none for none'),
  'metering.broken_batch': contract('A request that was lost is sent again as it was'),
  'settlements.known': contract('A file is one of our formats, or left out with a reason'),
  'settlements.nothing_guessed': contract('What a line is about is known, or told as unknown'),
  'settlements.lost_file': contract('A file comes whole or not at all'),
  'settlements.same_again': contract('A row leads to the same key and version whenever it is read'),
  'settlements.columns_moved': contract('Columns are found by name'),
  'settlements.broken_amount': contract('A cell that breaks the format is told with row, column and fix'),
  'settlements.broken_date': contract('A cell that breaks the format is told with row, column and fix'),
  'settlements.cut_row': contract('A row that breaks the format is told with its number'),
  'settlements.missing_column': contract('A column that is needed and absent is told by name'),
  'settlements.empty_file': contract('An empty file is told and never taken for no money'),
  'settlements.unknown_file': contract('A file that no format fits is not read'),
  'webhooks.no_keys': contract('What cannot be checked now is not refused: the cloud sends it again'),
  'webhooks.junk': contract('A body that is no message is refused'),
  'webhooks.header_case': contract('Names of headers have no case'),
  'webhooks.nothing_kept': contract('Of a message neither proof nor people are kept'),
  'faults.read.drop_request': contract(reads),
  'faults.read.drop_answer': contract(reads),
  'faults.read.truncated_json': contract(reads),
}
