// What a conversation relies on in a directory of homes: held by the one on tables and by the one in memory alike.
import { expect, test } from '@jest/globals';
import type { PropertyDirectory } from '../../shared/properties/directory.ts';

/** A portfolio of two managers without homes, and a manager who belongs to none. */
export interface DirectorySubject {
  readonly directory: PropertyDirectory;
  /** Their user ids. */
  readonly portfolio: readonly [string, string];
  readonly outsider: string;
  /** Lists a home of a manager, or lists it anew with another rent. */
  putHome(userId: string, propertyId: string, rent: number): Promise<void>;
}

const { signal } = new AbortController();

/** Declares the tests. @param create gives a fresh subject */
export function itKeepsThePropertyDirectoryContract(create: () => Promise<DirectorySubject>): void {
  /** Whose homes a manager's callers hear of, and for which rent. */
  async function listHomes({ directory }: DirectorySubject, userId: string): Promise<unknown[]> {
    const { properties } = await directory.forManager(userId, signal);
    return properties.map((one) => [one.userId, one.propertyId, one.rent]).sort();
  }

  test('a manager without a portfolio and without homes has only themself', async () => {
    const subject = await create();
    const { properties, members } = await subject.directory.forManager(subject.outsider, signal);
    expect([properties, members]).toEqual([[], [subject.outsider]]);
  });

  test('the homes of a portfolio are listed for each of its managers, and for nobody else', async () => {
    const subject = await create();
    const [ann, bob] = subject.portfolio;
    await subject.putHome(ann, 'a', 900);
    await subject.putHome(bob, 'b', 950);
    const all = [
      [ann, 'a', 900],
      [bob, 'b', 950],
    ].sort();
    expect(await listHomes(subject, ann)).toEqual(all);
    expect(await listHomes(subject, bob)).toEqual(all);
    expect(await listHomes(subject, subject.outsider)).toEqual([]);
  });

  test('the homes of a manager outside the portfolio are listed for that manager alone', async () => {
    const subject = await create();
    await subject.putHome(subject.outsider, 'o', 800);
    expect(await listHomes(subject, subject.outsider)).toEqual([[subject.outsider, 'o', 800]]);
    expect(await listHomes(subject, subject.portfolio[0])).toEqual([]);
  });

  test('the manager who is asked for is the first of the members', async () => {
    const subject = await create();
    const [ann, bob] = subject.portfolio;
    await subject.putHome(ann, 'a', 900);
    expect((await subject.directory.forManager(ann, signal)).members).toEqual([ann, bob]);
    expect((await subject.directory.forManager(bob, signal)).members).toEqual([bob, ann]);
  });

  test('a change is seen at the next question, under another version', async () => {
    const subject = await create();
    const [ann] = subject.portfolio;
    await subject.putHome(ann, 'a', 900);
    const before = await subject.directory.forManager(ann, signal);
    await subject.putHome(ann, 'a', 1_000);
    const after = await subject.directory.forManager(ann, signal);
    expect([before, after].map(({ properties }) => properties[0]?.rent)).toEqual([900, 1_000]);
    expect(after.version).not.toBe(before.version);
  });

  test('all managers of the portfolio get the same array for as long as nothing changes', async () => {
    const subject = await create();
    const [ann, bob] = subject.portfolio;
    await subject.putHome(ann, 'a', 900);
    const first = await subject.directory.forManager(ann, signal);
    for (const userId of [ann, bob]) {
      const again = await subject.directory.forManager(userId, signal);
      expect(again.version).toBe(first.version);
      expect(again.properties).toBe(first.properties);
    }
  });
}
