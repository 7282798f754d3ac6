import type { Encryption } from '../core/encryption.ts';
import { isAppError } from '../core/errors.ts';
import { joinText, replaceText } from './rows.ts';
import type { Row, StoredRow, TableAccess, TableName } from './tables.ts';

/** Where encrypted values are stored. */
export interface EncryptedColumn {
  readonly table: TableName;
  /** Of the property: `name`, or `name0`, `name1`, ... where `splitText` spreads it. */
  readonly name: string;
  /** The value is one property called `name`, not spread. */
  readonly isWhole?: true;
  /** The context that the row's value is encrypted with. */
  readonly contextOf: (row: Row) => string;
}

/** What one run did. */
export interface ReencryptReport {
  readonly reencrypted: number;
  /** Under a key that is no longer listed, or altered. They stay as they are. */
  readonly unreadable: number;
}

/** The usual context: the value's row. */
export function rowContext({ partitionKey, rowKey }: Pick<Row, 'partitionKey' | 'rowKey'>): string {
  return `${partitionKey} ${rowKey}`;
}

async function encryptAgain(
  tables: TableAccess,
  encryption: Encryption,
  column: EncryptedColumn,
  { partitionKey, rowKey }: StoredRow,
  signal: AbortSignal,
): Promise<boolean> {
  const row = await tables.getOrNull(column.table, partitionKey, rowKey, { signal });
  const value = row && (column.isWhole ? row[column.name] : joinText(column.name, row));
  if (!row || typeof value !== 'string' || value === '') return false;
  const context = column.contextOf(row);
  const renewed = await encryption.encrypt(await encryption.decrypt(value, context), context);
  const changed = column.isWhole
    ? { ...row, [column.name]: renewed }
    : replaceText(row, column.name, renewed);
  // If somebody has written the row since, it is encrypted under the newest key already.
  const outcome = await tables.replace(column.table, changed, row.etag, { signal });
  return outcome.kind === 'replaced';
}

/**
 * Encrypts every value under the newest key that is under an older one, so that an older key can be removed.
 * @param columns all places with encrypted values that live longer than a day
 * @throws AppError `storage_unavailable`, `deadline_exceeded`; a value that cannot be decrypted is counted, not thrown
 */
export async function reencrypt(
  tables: TableAccess,
  encryption: Encryption,
  columns: readonly EncryptedColumn[],
  signal: AbortSignal,
): Promise<ReencryptReport> {
  let reencrypted = 0;
  let unreadable = 0;
  for (const column of columns) {
    const property = column.isWhole ? column.name : `${column.name}0`;
    for await (const page of tables.query(column.table, '', { select: [property], signal })) {
      for (const row of page) {
        const value = row[property];
        if (typeof value !== 'string' || value === '' || encryption.isCurrent(value)) continue;
        try {
          if (await encryptAgain(tables, encryption, column, row, signal)) reencrypted += 1;
        } catch (error) {
          if (!isAppError(error, 'data_unreadable', 'encryption_key_missing')) throw error;
          unreadable += 1;
        }
      }
    }
  }
  return { reencrypted, unreadable };
}
