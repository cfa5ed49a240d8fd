// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.engine.config.NetworkList;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.policy.ClientFacts;
import dev.stafette.engine.rewrite.AddressClasses;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What depends on who the client is.
 * Thread: any (it does not change).
 */
public final class ClientRules {
    private final NetworkList myNetworks;
    private final NetworkList limitExceptions;
    private final NetworkList bareNewlineExclusions;
    private final boolean completesAll;
    private final boolean completesTrusted;
    private final boolean completesOwn;
    private final AddressClasses classes;
    private final boolean looksUpNames;
    private final boolean logsPorts;

    private ClientRules(Settings settings, AddressClasses classes) {
        List<String> local = settings.words("local_header_rewrite_clients");
        this.myNetworks = settings.networks("mynetworks");
        this.limitExceptions = settings.networks("smtpd_client_event_limit_exceptions");
        this.bareNewlineExclusions = settings.networks("smtpd_forbid_bare_newline_exclusions");
        this.completesAll = settings.flag("always_add_missing_headers");
        this.completesTrusted = local.contains("permit_mynetworks");
        this.completesOwn = local.contains("permit_inet_interfaces");
        this.classes = classes;
        this.looksUpNames = settings.flag("smtpd_peername_lookup");
        this.logsPorts = settings.flag("smtpd_client_port_logging");
    }

    public static ClientRules of(Settings settings, AddressClasses classes) {
        return new ClientRules(settings, classes);
    }

    ClientFacts facts(InetAddress address, String name) {
        return new ClientFacts(address, name, myNetworks.contains(address, knownName(name)));
    }

    private static @Nullable String knownName(String name) {
        return name.equals(ClientFacts.UNKNOWN) ? null : name;
    }

    /** Limits for each client do not count for this one. */
    boolean isUnlimited(ClientFacts client) {
        return limitExceptions.contains(client.address(), knownName(client.name()));
    }

    BareNewline bareNewline(ClientFacts client, BareNewline mode) {
        return bareNewlineExclusions.contains(client.address(), knownName(client.name())) ? BareNewline.NO : mode;
    }

    /** What its header lacks is added to a message of this client. */
    boolean addsMissingHeaders(ClientFacts client) {
        return completesAll || rewritesHeader(client);
    }

    /** It writes for us: addresses in the header get their complete form. */
    boolean rewritesHeader(ClientFacts client) {
        return completesTrusted && client.isTrusted() || completesOwn && classes.isOwn(client.address());
    }

    boolean looksUpNames() {
        return looksUpNames;
    }

    boolean logsPorts() {
        return logsPorts;
    }
}
