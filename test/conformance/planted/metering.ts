import { decimal, formatDecimal } from '../../../src/core/decimal.ts'
import { type Planted, within } from './plant.ts'

export const meteringBugs: readonly Planted[] = [
  {
    bug: 'a refusal is told as taken',
    caught_by: ['metering.wrong_quantity', 'metering.nameless'],
    plant: within('metering', (real) => ({
      async report(connection, records) {
        const { answers, evidence } = await real.report(connection, records)
        const taken = answers.map(({ id }) => ({
          id,
          status: 'accepted' as const,
          cloud_record_id: 'r',
          duplicate: false,
        }))
        return { answers: taken, evidence }
      },
    })),
  },
  {
    bug: 'a duplicate is not recognised',
    caught_by: ['metering.duplicate', 'faults.metering.report.drop_answer'],
    plant: within('metering', (real) => {
      const seen = new Set<string>()
      return {
        async report(connection, records) {
          const known = records.filter(({ id }) => seen.has(id))
          for (const { id } of records) seen.add(id)
          const { answers, evidence } = await real.report(connection, records)
          const refused = known.map(({ id }) => ({
            id,
            status: 'refused' as const,
            code: 'X',
            message: 'Known',
          }))
          return { answers: known.length > 0 ? refused : answers, evidence }
        },
      }
    }),
  },
  {
    bug: 'answers are matched by their place',
    caught_by: ['metering.wrong_quantity'],
    plant: within('metering', (real) => ({
      async report(connection, records) {
        const { answers, evidence } = await real.report(connection, records)
        return {
          answers: answers.map((answer, place) => ({ ...answer, id: records.at(-1 - place)?.id ?? '' })),
          evidence,
        }
      },
    })),
  },
  {
    bug: 'quantities go through a rounded number',
    caught_by: ['metering.exact'],
    clouds: ['azure', 'gcp'],
    plant: within('metering', (real) => ({
      report: (connection, records) =>
        real.report(
          connection,
          records.map((record) => ({
            ...record,
            quantity: decimal(String(Math.floor(Number(formatDecimal(record.quantity))))),
          })),
        ),
    })),
  },
  {
    bug: 'usage is reported for the hour before',
    caught_by: ['metering.accepted'],
    plant: within('metering', (real) => ({
      report: (connection, records) =>
        real.report(
          connection,
          records.map((record) => ({ ...record, hour: new Date(record.hour.getTime() - 3_600_000) })),
        ),
    })),
  },
  {
    bug: 'the rules forget their window',
    caught_by: ['metering.rules'],
    plant: within('metering', ({ rules }) => ({ rules: { ...rules, window_ms: rules.window_ms * 2 } })),
  },
]
