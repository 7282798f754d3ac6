import { odata } from '@azure/data-tables';
import type { StoredRow, TableAccess } from '../tables.ts';
import { TABLE } from './rows.ts';

/** All rows of one kind in a partition. @param prefix such as `h:`, which takes the keys from `h:` up to `h;` */
export async function readRows(
  tables: TableAccess,
  partitionKey: string,
  prefix: string,
  signal: AbortSignal,
): Promise<StoredRow[]> {
  const end = `${prefix.slice(0, -1)};`;
  const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${prefix} and RowKey lt ${end}`;
  const rows: StoredRow[] = [];
  for await (const page of tables.query(TABLE, filter, { signal })) rows.push(...page);
  return rows;
}
