import { describe, expect, test } from 'vitest';
import { findHead } from './table.ts';

describe('titles of columns', () => {
  test('equal ones are told apart by their number, also from titles that look so already', () => {
    const { titles } = findHead([
      ['Name', 'Name', 'Name (2)', 'Name', 'IP'],
      ['a', 'b', 'c', 'd', '10.0.0.1'],
    ]);
    expect(titles).toEqual(['Name', 'Name (2)', 'Name (2) (2)', 'Name (3)', 'IP']);
  });
  test('any number of equal ones', () => {
    const many = 20_000;
    const { titles } = findHead([new Array<string>(many).fill('IP')]);
    expect(new Set(titles).size).toBe(many);
    expect(titles.at(-1)).toBe(`IP (${many})`);
  });
});
