import { SpanKind } from '@opentelemetry/api';
import type { TableAccess, TableName } from '../storage/tables.ts';
import { inSpan } from './spans.ts';

/** A span for each call: table and operation. Keys and filters hold numbers, and stay out. */
export function traceTables(tables: TableAccess): TableAccess {
  const traced = <T>(operation: string, table: TableName, work: () => Promise<T>): Promise<T> =>
    inSpan(
      `${operation} ${table}`,
      SpanKind.CLIENT,
      { 'db.system.name': 'azure.tables', 'db.operation.name': operation, 'db.collection.name': table },
      work,
    );
  return {
    getOrNull: (table, ...rest) => traced('get', table, () => tables.getOrNull(table, ...rest)),
    insert: (table, ...rest) => traced('insert', table, () => tables.insert(table, ...rest)),
    replace: (table, ...rest) => traced('replace', table, () => tables.replace(table, ...rest)),
    put: (table, ...rest) => traced('put', table, () => tables.put(table, ...rest)),
    upsert: (table, ...rest) => traced('upsert', table, () => tables.upsert(table, ...rest)),
    merge: (table, ...rest) => traced('merge', table, () => tables.merge(table, ...rest)),
    delete: (table, ...rest) => traced('delete', table, () => tables.delete(table, ...rest)),
    transact: (table, ...rest) => traced('transact', table, () => tables.transact(table, ...rest)),
    async *query(table, ...rest) {
      const pages = tables.query(table, ...rest);
      for (;;) {
        const page = await traced('query', table, () => pages.next());
        if (page.done) return;
        yield page.value;
      }
    },
  };
}
