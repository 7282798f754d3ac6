// What operators are alerted by when something breaks: alert rules, and a test from outside. A template of its own, deployed once the app answers
// (docs/deploy.md, step 7): before there is code, all of them would fire.
targetScope = 'resourceGroup'

import { defaultHostName, resourceNames } from 'names.bicep'

@description('The same as in main.bicep.')
@minLength(3)
@maxLength(10)
param prefix string

@description('The same as in main.bicep.')
param location string = resourceGroup().location

@description('The same as in main.bicep.')
param tags object = {}

@description('Who gets the alerts.')
param alertEmail string

@description('Alert when 95 of 100 webhook answers are not within this time. The app itself gives up at 8,000.')
param webhookP95Milliseconds int = 3000

@description('Seconds between two tests of /health from the same place. Five places test in turn.')
param healthTestSeconds 300 | 600 | 900 = 900

var names = resourceNames(prefix, uniqueString(resourceGroup().id, prefix))

// Action groups are not placed in a region, and take no other value.
#disable-next-line no-hardcoded-location
var global = 'global'

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: names.alerts
  location: global
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'peterental'
    emailReceivers: [{ name: 'operators', emailAddress: alertEmail, useCommonAlertSchema: true }]
  }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    actionGroupId: operators.id
    location: location
    tags: tags
    insightsName: names.insights
    workspaceName: names.workspace
    webhookP95Milliseconds: webhookP95Milliseconds
  }
}

module health 'modules/health-test.bicep' = {
  params: {
    name: names.healthTest
    actionGroupId: operators.id
    location: location
    tags: tags
    insightsName: names.insights
    url: 'https://${defaultHostName(names.site)}/health'
    everySeconds: healthTestSeconds
  }
}
