// Azure asks /health from outside, from five places in turn, and alerts the operators when two of them get no good answer.
// It sees what the app's own telemetry cannot: a host that does not start, and an app that does not answer.
targetScope = 'resourceGroup'

param name string
param location string
param tags object
param insightsName string
param actionGroupId string

@description('What is asked, such as https://HOST/health.')
param url string

@description('Seconds between two tests from the same place.')
param everySeconds int

// Azure's names for Virginia, Illinois, Texas, California and Florida: https://learn.microsoft.com/azure/azure-monitor/app/availability#location-population-tags
var places = ['us-va-ash-azr', 'us-il-ch1-azr', 'us-tx-sn1-azr', 'us-ca-sjc-azr', 'us-fl-mia-edge']

// Metric alerts are not placed in a region, and take no other value.
#disable-next-line no-hardcoded-location
var global = 'global'

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: name
  location: location
  // Without this tag the test belongs to no Application Insights and is shown nowhere.
  tags: union(tags, { 'hidden-link:${insights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: name
    Name: 'health'
    Description: 'GET /health answers 200.'
    Enabled: true
    Kind: 'standard'
    Frequency: everySeconds
    Timeout: 30
    // Three tries before a place counts as failed.
    RetryEnabled: true
    Locations: [for place in places: { Id: place }]
    Request: { RequestUrl: url, HttpVerb: 'GET', ParseDependentRequests: false, FollowRedirects: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

#disable-next-line use-recent-api-versions // The version that Microsoft's own samples of this criterion use; a newer one is months old.
resource alert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'health-unanswered'
  location: global
  tags: tags
  properties: {
    description: 'The app does not answer /health with 200. See docs/operate.md, "health-unanswered".'
    severity: 0
    enabled: true
    scopes: [test.id, insights.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: insights.id
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: actionGroupId }]
  }
}
