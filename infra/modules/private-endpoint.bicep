// One private endpoint with the DNS zone that leads to it.
targetScope = 'resourceGroup'

param name string
param location string
param tags object
param networkName string

@description('What the endpoint leads to.')
param targetId string

@description('What of the target is meant: "blob", "table" or "vault".')
param group string

@description('Such as privatelink.blob.core.windows.net.')
param zoneName string

// DNS zones are not placed in a region, and take no other value.
#disable-next-line no-hardcoded-location
var global = 'global'

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' existing = {
  name: networkName

  resource endpointsSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zoneName
  location: global
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'network'
    location: global
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: network::endpointsSubnet.id }
    privateLinkServiceConnections: [
      { name: group, properties: { privateLinkServiceId: targetId, groupIds: [group] } }
    ]
  }

  resource records 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: group, properties: { privateDnsZoneId: zone.id } }]
    }
  }
}
