// npm run tables -- backup https://ACCOUNT.table.core.windows.net FOLDER
// npm run tables -- restore https://ACCOUNT.table.core.windows.net FOLDER
// Signs in as whoever is signed in to the Azure CLI. docs/operate.md, "Backup and restore of the tables".
import { TableClient, TableServiceClient } from '@azure/data-tables';
import { AzureCliCredential } from '@azure/identity';
import { backupTables, restoreTables } from './table-backup.ts';

const [action, url, folder] = process.argv.slice(2);
const run = { backup: backupTables, restore: restoreTables }[action ?? ''];
if (run === undefined || !url?.startsWith('https://') || !folder) {
  console.error('npm run tables -- backup|restore https://ACCOUNT.table.core.windows.net FOLDER');
  process.exit(2);
}

const credential = new AzureCliCredential();
const counts = await run(
  {
    list: async function* () {
      for await (const { name } of new TableServiceClient(url, credential).listTables()) if (name) yield name;
    },
    open: (name) => new TableClient(url, name, credential),
  },
  folder,
);
for (const [table, rows] of counts) console.log(`${table}: ${rows} rows`);
