// Just enough of Microsoft Graph's Bicep types to compile infra/entra.bicep without the registry they come from: names and shapes of
// the resources that it uses, anything allowed inside. What they cannot tell is whether Graph knows a property.

const REQUIRED = 1;
const READ_ONLY = 2;
const DEPLOY_TIME_CONSTANT = 8;
const IDENTIFIER = 16;

type Type = Record<string, unknown>;

const types: Type[] = [{ $type: 'StringType' }, { $type: 'AnyType' }];
function at(index: number): { $ref: string } {
  return { $ref: `#/${index}` };
}
function add(type: Type): { $ref: string } {
  return at(types.push(type) - 1);
}
const text = at(0);
const any = at(1);

function addResource(name: string, properties: Record<string, Type>): { $ref: string } {
  const [type, apiVersion] = name.split('@');
  const constant = (value: string | undefined): Type => ({
    type: add({ $type: 'StringLiteralType', value }),
    flags: DEPLOY_TIME_CONSTANT | READ_ONLY,
  });
  const body = add({
    $type: 'ObjectType',
    name: type,
    properties: { type: constant(type), apiVersion: constant(apiVersion), ...properties },
  });
  const { $ref } = add({ $type: 'ResourceType', name, scopeType: 0, body, flags: 0 });
  return { $ref: `types.json${$ref}` };
}

const key = { type: text, flags: REQUIRED | IDENTIFIER };
const given = { type: any, flags: 0 };
const answered = { type: text, flags: READ_ONLY };

const resources = {
  'Microsoft.Graph/applications@v1.0': addResource('Microsoft.Graph/applications@v1.0', {
    uniqueName: key,
    id: answered,
    appId: answered,
    displayName: { type: text, flags: REQUIRED },
    signInAudience: { type: text, flags: 0 },
    web: given,
    api: given,
    optionalClaims: given,
    requiredResourceAccess: given,
  }),
  'Microsoft.Graph/servicePrincipals@v1.0': addResource('Microsoft.Graph/servicePrincipals@v1.0', {
    appId: key,
    id: answered,
    oauth2PermissionScopes: { type: any, flags: READ_ONLY },
  }),
  'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0': addResource(
    'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0',
    {
      name: key,
      description: { type: text, flags: 0 },
      audiences: { type: any, flags: REQUIRED },
      issuer: { type: text, flags: REQUIRED },
      subject: { type: text, flags: REQUIRED },
    },
  ),
};
const configuration = add({ $type: 'ObjectType', name: 'configuration', properties: {} });

/** The two files that `bicep publish-extension` reads. */
export const GRAPH_TYPES = {
  'index.json': JSON.stringify({
    resources,
    resourceFunctions: {},
    settings: {
      name: 'MicrosoftGraph',
      version: '1.0.0',
      isSingleton: false,
      configurationType: { $ref: `types.json${configuration.$ref}` },
    },
  }),
  'types.json': JSON.stringify(types),
};
