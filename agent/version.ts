/** The agent's version, the same as the project's. */
export const agentVersion = '0.1.0'
