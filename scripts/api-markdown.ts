// docs/api.md, made of the OpenAPI document and the table of error codes.
import { ERRORS } from '../shared/core/errors.ts';
import type { OpenApiDocument } from '../shared/http/openapi/document.ts';
import { TOOLS } from '../shared/voice/tools/definitions.ts';

type Json = Readonly<Record<string, unknown>>;

function asRecord(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
function asList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(asRecord) : [];
}
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
function cell(value: string): string {
  return value.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function typeOf(schema: Json): string {
  const { $ref, type } = schema;
  if (typeof $ref === 'string') return nameOf($ref);
  if ('const' in schema) return `\`${JSON.stringify(schema['const'])}\``;
  const choices = asList(schema['anyOf'] ?? schema['oneOf']);
  if (choices.length > 0) return [...new Set(choices.map(typeOf))].join(' or ');
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => `\`${String(value)}\``).join(', ');
  if (type === 'array') return `list of ${typeOf(asRecord(schema['items']))}`;
  return Array.isArray(type) ? type.join(' or ') : text(type) || 'anything';
}
function nameOf(ref: string): string {
  const name = ref.split('/').at(-1) ?? '';
  return `[${name}](#${name.toLowerCase()})`;
}

function describeFields(schema: Json): string[] {
  const needed = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const fields = Object.entries(asRecord(schema['properties'])).map(([name, value]) => {
    const field = asRecord(value);
    const isNeeded = needed.has(name) ? 'yes' : '';
    const fallback = 'default' in field ? ` Default \`${JSON.stringify(field['default'])}\`.` : '';
    return `| \`${name}\` | ${cell(typeOf(field))} | ${isNeeded} | ${cell(text(field['description']) + fallback)} |`;
  });
  return fields.length === 0
    ? []
    : ['| field | type | always | |', '| --- | --- | --- | --- |', ...fields, ''];
}

function describeSchema(name: string, schema: Json): string[] {
  const choices = asList(schema['oneOf'] ?? schema['anyOf']);
  return [
    `### ${name}`,
    '',
    ...(schema['description'] === undefined ? [] : [text(schema['description']), '']),
    ...describeFields(schema),
    ...choices.flatMap((choice, index) => {
      const title =
        text(asRecord(asRecord(choice['properties'])['action'])['const']) || text(choice['title']);
      const description = text(choice['description']);
      return [`**${title || `${index + 1}`}** ${description}`, '', ...describeFields(choice)];
    }),
  ];
}

function describeRoute(path: string, method: string, operation: Json): string[] {
  const schemes = asList(operation['security']).flatMap((requirement) => Object.keys(requirement));
  const parameters = asList(operation['parameters']).map(
    (parameter) =>
      `| \`${text(parameter['name'])}\` | ${text(parameter['in'])} | ${parameter['required'] === true ? 'yes' : ''} | ${cell(text(parameter['description']))} |`,
  );
  const bodies = Object.values(asRecord(asRecord(operation['requestBody'])['content'])).map((content) =>
    typeOf(asRecord(asRecord(content)['schema'])),
  );
  const responses = Object.entries(asRecord(operation['responses'])).map(([status, value]) => {
    const response = asRecord(value);
    const contents = Object.entries(asRecord(response['content'])).map(([kind, content]) =>
      kind === 'text/html' ? 'a page' : typeOf(asRecord(asRecord(content)['schema'])),
    );
    return `| ${status} | ${cell(text(response['description']))} | ${contents.join(' or ')} |`;
  });
  return [
    `### ${method.toUpperCase()} ${path}`,
    '',
    `${text(operation['summary'])}. ${text(operation['description'])}`.trim(),
    '',
    `Who: ${schemes.length > 0 ? schemes.join(' or ') : 'anyone'}.${bodies.length > 0 ? ` Body: ${bodies.join(' or ')}.` : ''}`,
    '',
    ...(parameters.length > 0
      ? ['| parameter | in | needed | |', '| --- | --- | --- | --- |', ...parameters, '']
      : []),
    '| status | | answer |',
    '| --- | --- | --- |',
    ...responses,
    '',
  ];
}

function describeErrors(): string[] {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, retryable, meaning }]) =>
      `| \`${code}\` | ${status} | ${retryable ? 'yes' : ''} | ${cell(meaning)} |`,
  );
  return [
    '## Errors',
    '',
    'Each code has one meaning, in `error.code` of a route and in `code` of a tool’s `error` alike. Retryable: the same request may succeed in a moment.',
    '',
    '| code | status | retryable | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ];
}

/** The text of the page; prettier lays it out. */
export function describeApi(document: OpenApiDocument): string {
  const schemas = Object.entries(asRecord(asRecord(document.components)['schemas']));
  const tools = new Set(Object.keys(TOOLS));
  const isInner = (name: string): boolean => tools.has(name) || tools.has(name.replace(/_call$/, ''));
  return [
    '# The API',
    '',
    `${document.info.description ?? ''} The same is served as OpenAPI 3.1 at \`/openapi.json\` and as a page at \`/docs\`. This page is written by \`npm run docs\`.`,
    '',
    '## Tools of the voice agent',
    '',
    ...schemas
      .filter(([name]) => tools.has(name))
      .flatMap(([name, schema]) => describeSchema(name, asRecord(schema))),
    '## Routes',
    '',
    ...Object.entries(asRecord(document.paths)).flatMap(([path, item]) =>
      Object.entries(asRecord(item)).flatMap(([method, operation]) =>
        describeRoute(path, method, asRecord(operation)),
      ),
    ),
    ...describeErrors(),
    '## Shapes',
    '',
    ...schemas
      .filter(([name]) => !isInner(name))
      .flatMap(([name, schema]) => describeSchema(name, asRecord(schema))),
  ].join('\n');
}
