import type { Cloud, Connection, Connector } from '../../connectors/connector.ts'

/** A connection opened for a call: the connector of its cloud and what it needs. */
export type OpenConnection = { cloud: Cloud; connector: Connector; connection: Connection }
