package main

// pollingExample is "instance JSON with polling events enabled", as it stands in the document.
const pollingExample = `{
  "element": {
    "key": "sfdc"
  },
  "providerData": {
    "code": ""
  },
  "configuration": {
    "oauth.callback.url": "https://www.mycoolapp.com/auth",
    "oauth.api.key": "",
    "oauth.api.secret": "",
    "event.notification.enabled": true,
    "event.vendor.type": "polling",
    "event.notification.callback.url": "https://staging.cloud-elements.com/elements/api-v2/instances/events",
    "event.notification.signature.key": "12345",
    "event.poller.configuration": "{\n  \"accounts\": {\n    \"url\": \"/hubs/crm/accounts?where=LastModifiedDate>${gmtDate:yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}'\",\n    \"idField\": \"Id\", \n    \"datesConfiguration\": {\n      \"updatedAtField\": \"LastModifiedDate\", \n      \"updatedAtFormat\": \"yyyy-MM-dd'T'HH:mm:ss.SSSSZ\", \n      \"createdAtField\": \"CreatedDate\", \n      \"createdAtFormat\": \"yyyy-MM-dd-'T'HH:mm:ss.SSSSZ\", \n      \"updatedAtTimezone\": \"GMT\", \n      \"createdAtTimezone\": \"GMT\"\n    }\n  }\n}",
    "event.poller.refresh_interval": "5"
  },
  "tags": [
    "forDocs"
  ],
  "name": "mySFDCInstance"
}`

// webhooksExample is "Instance JSON with webhooks events enabled", as it stands in the document.
const webhooksExample = `{
  "element": {
    "key": "sfdc"
  },
  "providerData": {
    "code": ""
  },
  "configuration": {
    "oauth.callback.url": "https://www.mycoolapp.com/auth",
    "oauth.api.key": "",
    "oauth.api.secret": "",
    "event.notification.enabled": true,
    "event.vendor.type": "webhooks",
    "event.notification.callback.url": "https://mycoolapp.com",
    "event.notification.signature.key": "12345",
    "event.objects": "Contact,Account"
  },
  "tags": [
    "forDocs"
  ],
  "name": "mySFDCInstance"
}`
