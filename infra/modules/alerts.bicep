// What raises an alert, and who gets it. docs/operate.md has a section for each rule, under the rule's name.
targetScope = 'resourceGroup'

param location string
param tags object
param insightsName string
param workspaceName string

@description('The action group that the alerts go to.')
param actionGroupId string

@description('How long a webhook answer may take, in milliseconds, for 95 of 100 calls. The app gives up at 8,000.')
param webhookP95Milliseconds int

type Rule = {
  name: string
  description: string
  @description('0 critical, 1 error, 2 warning.')
  severity: int
  query: string
  @description('How far back each look goes. An alert fires when its query brings a row.')
  window: string
  every: string
}

// The attribute "event" names a log line. If the line came by the console, the same field of its JSON does.
var logLines = 'traces | extend line = parse_json(message) | extend event = coalesce(tostring(customDimensions["event"]), tostring(line["event"])), timer = coalesce(tostring(customDimensions["timer"]), tostring(line["timer"]))'

// A timer counts as silent only if the app has sent other telemetry: a new app, and one whose telemetry is capped, raise no alert of this kind.
var heard = 'union requests, traces, availabilityResults'

var rules Rule[] = [
  {
    name: 'server-errors'
    description: 'Requests answered with 5xx.'
    severity: 1
    query: 'requests | where toint(resultCode) >= 500'
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'webhook-slow'
    description: 'The slowest twentieth of webhook answers takes too long: callers hear silence.'
    severity: 2
    // Ten calls at least: a 95th percentile of three is one slow call.
    query: 'union requests, dependencies | where name == "vapi.webhook" | summarize p95 = percentile(duration, 95), calls = count() | where calls >= 10 and p95 > ${webhookP95Milliseconds}'
    window: 'PT30M'
    every: 'PT15M'
  }
  {
    name: 'calls-failed'
    description: 'Faults of the app, of Microsoft or of storage ended tool calls: callers heard an apology, with status 200.'
    severity: 1
    query: '${logLines} | where event in ("tool_call_failed", "assistant_request_failed", "knowledge_request_failed") | summarize failures = count() | where failures >= 3'
    window: 'PT30M'
    every: 'PT15M'
  }
  {
    name: 'webhook-refused'
    description: 'The webhook refuses a secret or a signature: if VAPI sent it, callers hear silence.'
    severity: 2
    // Any scanner is refused once in a while. VAPI with a wrong secret is refused call after call.
    query: '${logLines} | where event == "webhook_refused" | summarize minutes = dcount(bin(timestamp, 1m)) | where minutes >= 3'
    window: 'PT1H'
    every: 'PT15M'
  }
  {
    name: 'encryption-key-missing'
    description: 'A stored value is under an encryption key that the app does not have.'
    severity: 1
    query: '${logLines} | where event == "caller_keys_replaced" or (tostring(line["level"]) == "error" and coalesce(tostring(line["code"]), tostring(line["error"]["code"])) == "encryption_key_missing")'
    window: 'PT1H'
    every: 'PT15M'
  }
  {
    name: 'reconnect-required'
    description: 'A manager\'s calendar has lost its connection; they have been mailed a link.'
    severity: 2
    query: '${logLines} | where event == "reconnect_required"'
    window: 'PT1H'
    every: 'PT15M'
  }
  {
    name: 'mail-failed'
    description: 'Mail was refused or could not be handed over.'
    severity: 2
    query: '${logLines} | where event in ("mail_failed", "message_mail_failed")'
    window: 'PT1H'
    every: 'PT15M'
  }
  {
    name: 'misconfigured'
    description: 'A setting is missing or malformed: the app answers, and can do nothing else.'
    severity: 0
    query: '${logLines} | where event == "config_invalid"'
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'credentials-rejected'
    description: 'Microsoft Entra does not accept the app itself: nobody can connect, and soon no calendar can be read.'
    severity: 0
    query: '${logLines} | where event == "app_credentials_rejected"'
    window: 'PT1H'
    every: 'PT15M'
  }
  {
    name: 'sweep-silent'
    description: 'The timer that clears holds has not finished once in 30 minutes; it should every 5.'
    severity: 2
    query: '${logLines} | where event == "timer_completed" and timer == "sweep" | summarize runs = count() | where runs == 0 and toscalar(${heard} | where timestamp < ago(25m) | count) > 0'
    window: 'PT30M'
    every: 'PT15M'
  }
  {
    name: 'keep-alive-silent'
    description: 'The daily run that keeps connections alive has not finished once in 2 days.'
    severity: 1
    query: '${logLines} | where event == "daily_run_completed" | summarize runs = count() | where runs == 0 and toscalar(${heard} | where timestamp < ago(47h) | count) > 0'
    window: 'P2D'
    every: 'PT6H'
  }
]

// At the daily cap telemetry stops, and every alert above goes blind with it. The workspace itself says so.
var capped = '_LogOperation | where Category =~ "Ingestion" and Detail contains "OverQuota"'

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: rule.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'PeteRental: ${rule.name}'
      description: '${rule.description} See docs/operate.md, "${rule.name}".'
      severity: rule.severity
      enabled: true
      scopes: [insights.id]
      windowSize: rule.window
      evaluationFrequency: rule.every
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actionGroupId] }
    }
  }
]

resource cap 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'telemetry-capped'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'PeteRental: telemetry-capped'
    description: 'Telemetry has reached the daily cap. See docs/operate.md, "telemetry-capped".'
    severity: 2
    enabled: true
    scopes: [workspace.id]
    windowSize: 'PT1H'
    evaluationFrequency: 'PT15M'
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: capped
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [actionGroupId] }
  }
}
