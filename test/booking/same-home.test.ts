import { expect, test } from '@jest/globals';
import { isSameHome } from '../../shared/booking/same-home.ts';

test.each([
  ['12 Lake St', '12 Lake Street', true],
  ['12 Lake St', '12 lake st., apt', true],
  ['12 Lake St', '12 Lake St, Chicago', true],
  ['12 Lake St Apt 3', '12 Lake St #3', true],
  ['12 Lake St', '99 Elm Ave', false],
  ['12 Lake St', '14 Lake St', false],
  ['12 Lake St', '12 Lake St Apt 3', false],
  ['12 Lake St', '12 Elm St', false],
  ['12 Lake St', '12 St', false],
  ['Das große Haus', 'das grosse haus', false],
  ['Peña 5', 'pena 5', true],
  ['', '', true],
  ['the house', 'a flat', false],
])('%p and %p are the same home: %p', (a, b, expected) => {
  expect(isSameHome({ propertyAddress: a }, { propertyAddress: b })).toBe(expected);
  expect(isSameHome({ propertyAddress: b }, { propertyAddress: a })).toBe(expected);
});

test('ids decide if both are known', () => {
  const home = { propertyId: 'lake-12', propertyAddress: '12 Lake St' };
  expect(isSameHome(home, { propertyId: 'lake-12', propertyAddress: 'the blue house' })).toBe(true);
  expect(isSameHome(home, { propertyId: 'lake-12-b', propertyAddress: '12 Lake St' })).toBe(false);
  expect(isSameHome(home, { propertyId: null, propertyAddress: '12 Lake Street' })).toBe(true);
});
