/** How one request to an endpoint is to be sent. Holds secrets: never log it. */
export interface EndpointAccess {
  headers: Readonly<Record<string, string | string[]>>;
  /** A `http.Agent` or `https.Agent` for the endpoint's scheme, with its TLS settings; undefined = the platform's own. */
  agent: unknown;
}

/** An HTTP API and the way to it: directly, or through the Kubernetes API server's service proxy. */
export interface HttpEndpoint {
  /** Without credentials and without a trailing slash; may be shown and logged. */
  baseUrl: string;
  /** Fresh for each request, as tokens expire. */
  access(): Promise<EndpointAccess>;
}
