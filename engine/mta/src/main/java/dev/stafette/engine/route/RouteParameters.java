// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

/**
 * The names of the parameters that say where something goes: mail has some, and probes have their own, by default with the
 * same values.
 * Thread: any (a value).
 */
record RouteParameters(
        String localTransport,
        String virtualTransport,
        String relayTransport,
        String defaultTransport,
        String relayHost,
        String senderRelayHosts,
        String senderTransports,
        String transportMaps) {
    static final RouteParameters OF_MAIL = new RouteParameters(
            "local_transport",
            "virtual_transport",
            "relay_transport",
            "default_transport",
            "relayhost",
            "sender_dependent_relayhost_maps",
            "sender_dependent_default_transport_maps",
            "transport_maps");

    static final RouteParameters OF_PROBES = new RouteParameters(
            "address_verify_local_transport",
            "address_verify_virtual_transport",
            "address_verify_relay_transport",
            "address_verify_default_transport",
            "address_verify_relayhost",
            "address_verify_sender_dependent_relayhost_maps",
            "address_verify_sender_dependent_default_transport_maps",
            "address_verify_transport_maps");
}
