// The workbook on top of Application Insights: calls, bookings, conflicts, answer times, connections.
targetScope = 'resourceGroup'

param location string
param tags object
param insightsName string

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insights.id, 'peterental-calendar')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'PeteRental Calendar'
    category: 'workbook'
    version: '1.0'
    sourceId: insights.id
    serializedData: string(loadJsonContent('workbook.json'))
  }
}

output id string = workbook.id
