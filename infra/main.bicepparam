using 'main.bicep'

// Stands in the name of every resource: 3 to 10 lower-case letters or digits.
param prefix = 'peterental'

// From entra.bicep's output MICROSOFT_CLIENT_ID (docs/deploy.md, step 3). Without the variable nothing is deployed.
param microsoftClientId = readEnvironmentVariable('MICROSOFT_CLIENT_ID')

// Whose accounts may connect: "common" for work and personal, "organizations" for work, or one tenant id.
param microsoftTenantId = readEnvironmentVariable('MICROSOFT_TENANT_ID', 'common')

// The zone of a mailbox that tells none.
param defaultTimeZone = 'America/Chicago'

// Communication Services with Azure's own domain: 10 mails an hour, for a start. See mailDomain for your own.
param mailTransport = 'acs'
param mailDataLocation = 'United States'

// Who is told when something breaks.
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')

// A caller waits this long before it counts as slow; the app itself gives up at 8,000.
param webhookP95Milliseconds = 3000

// One processor's worth of memory, 16 calls at a time on it, one instance always warm.
param instanceMemoryMB = 2048
param httpConcurrency = 16
param alwaysReadyInstances = 1

// The ceiling for cost: 40 instances answer 640 calls at once.
param maximumInstances = 40

// Three copies in three zones of the region. Standard_GRS adds a second region (docs/operate.md, "Moving to another region").
param storageSku = 'Standard_ZRS'

// Telemetry: kept as long as the price includes, and never more than 1 GB a day.
param retentionDays = 31
param dailyCapGb = 1

// Storage and vault answer on the internet, to identities with a role alone. private.bicepparam closes them.
param privateNetworking = false

// The repository whose deploy workflow may put code on the app, as OWNER/NAME; empty for none.
param githubRepository = readEnvironmentVariable('DEPLOY_REPOSITORY', '')
