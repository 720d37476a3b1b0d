import { expect, test } from 'vitest'
import { composeProduct, newDimension, newProduct } from '../../src/console/screens/catalog/product-draft.ts'

test('lists are read from lines and commas, and what is bought ahead is not counted by the hour', () => {
  const seats = {
    ...newDimension('entitled'),
    key: ' seats ',
    name: 'Seats',
    description: 'People',
    unit: 'Users',
  }
  const scans = { ...newDimension(), key: 'scans', name: 'Scans', description: 'Scans', unit: 'Thousand' }
  const draft = composeProduct({
    ...newProduct(),
    name: ' Analytics ',
    highlights: 'One, and more\n\n Two \n',
    keywords: 'a, b,,',
    categories: 'Data Catalogs',
    dimensions: [seats, { ...scans, aggregation: 'max', multiplier: ' 2.5 ' }],
  })
  expect(draft).toMatchObject({
    name: 'Analytics',
    details: { highlights: ['One, and more', 'Two'], keywords: ['a', 'b'], categories: ['Data Catalogs'] },
  })
  expect(draft.dimensions).toEqual([
    { key: 'seats', name: 'Seats', description: 'People', unit: 'Users', kind: 'entitled' },
    {
      key: 'scans',
      name: 'Scans',
      description: 'Scans',
      unit: 'Thousand',
      kind: 'metered',
      aggregation: 'max',
      multiplier: '2.5',
    },
  ])
})
