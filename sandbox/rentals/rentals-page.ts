import escapeHtml from 'escape-html';

export interface ManagerRentals {
  readonly userId: string;
  readonly name: string | null;
  readonly properties: readonly {
    readonly property_id: string;
    readonly address: string;
    readonly unit: string | null;
    readonly city: string | null;
    readonly status: string;
    readonly bedrooms: number | null;
    readonly bathrooms: number | null;
    readonly rent: number | null;
    readonly available_on: string | null;
    readonly pets: { readonly dogs?: string | null; readonly cats?: string | null } | null;
    readonly source: string | null;
  }[];
}

const style = `
:root { color-scheme: light dark; --ink: #1b1a19; --soft: #605e5c; --ground: #f3f2f1; --card: #fff; --line: #d2d0ce; }
@media (prefers-color-scheme: dark) { :root { --ink: #f3f2f1; --soft: #b3b0ad; --ground: #11100f; --card: #1f1e1d; --line: #3b3a39; } }
body { margin: 0; font: 16px/1.45 "Segoe UI", system-ui, sans-serif; color: var(--ink); background: var(--ground); }
main { max-width: 68rem; margin: 1.5rem auto; padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; overflow-x: auto; }
h1 { font-size: 1.3rem; margin: 0 0 .75rem; } h2 { font-size: 1.05rem; margin: 1.25rem 0 .5rem; } .soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .4rem .6rem; border-top: 1px solid var(--line); vertical-align: top; }
`;

function cell(value: string | number | null | undefined): string {
  return `<td>${value === null || value === undefined ? '<span class="soft">not listed</span>' : escapeHtml(String(value))}</td>`;
}

function table({ properties }: ManagerRentals): string {
  if (properties.length === 0) return '<p class="soft">No homes.</p>';
  const head = ['Home', 'City', 'Status', 'Beds', 'Baths', 'Rent', 'Available on', 'Dogs', 'Cats', 'From'];
  const rows = properties.map((home) =>
    [
      cell(home.unit === null ? home.address : `${home.address}, unit ${home.unit}`),
      cell(home.city),
      cell(home.status.replace('_', ' ')),
      cell(home.bedrooms === 0 ? 'studio' : home.bedrooms),
      cell(home.bathrooms),
      cell(home.rent === null ? null : `$${home.rent.toLocaleString('en-US')}`),
      cell(home.available_on),
      cell(home.pets?.dogs),
      cell(home.pets?.cats),
      cell(home.source ?? 'by hand'),
    ].join(''),
  );
  return `<table><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>${rows.map((row) => `<tr>${row}</tr>`).join('\n')}</tbody></table>`;
}

/** Every manager's homes, as the app has them. */
export function rentalsPage(rentals: readonly ManagerRentals[]): string {
  const sections = rentals.map((each) => `<h2>${escapeHtml(each.name ?? each.userId)}</h2>\n${table(each)}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rentals</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body><main>
<h1>Rentals</h1>
${sections.length === 0 ? '<p class="soft">No managers yet.</p>' : sections.join('\n')}
</main></body>
</html>
`;
}
