using 'watch.bicep'

// The same as in main.bicepparam.
param prefix = 'peterental'

// Who is alerted when something breaks.
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')

// A caller waits this long before it counts as slow; the app itself gives up at 8,000.
param webhookP95Milliseconds = 3000

// Five places test /health in turn, each every 15 minutes: one test every three minutes.
param healthTestSeconds = 900
