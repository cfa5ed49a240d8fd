// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.NetworkList;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.restriction.ClientName;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import java.net.InetAddress;
import java.util.List;

/**
 * The settings that depend on the client.
 * Thread: any (it does not change).
 */
public final class ClientRules {
    private static final String MY_NETWORKS = "permit_mynetworks";
    private static final String LOGGED_IN = "permit_sasl_authenticated";

    private final NetworkList myNetworks;
    private final NetworkList limitExceptions;
    private final NetworkList bareNewlineExclusions;
    private final ClientNetwork.Prefixes prefixes;
    private final NetworkList verpClients;
    private final NetworkList xclientHosts;
    private final NetworkList xforwardHosts;
    private final boolean completesLoggedIn;
    private final LocalClients localClients;
    private final boolean signsTrusted;
    private final boolean signsLoggedIn;
    private final boolean exemptsTrusted;
    private final boolean exemptsLoggedIn;
    private final boolean looksUpNames;
    private final HiddenKeywords hiddenKeywords;
    private final boolean logsPorts;

    private ClientRules(Settings settings, AddressClasses classes, ListTables tables) {
        this.myNetworks = settings.networks("mynetworks", tables);
        this.limitExceptions = settings.networks("smtpd_client_event_limit_exceptions", tables);
        this.bareNewlineExclusions = settings.networks("smtpd_forbid_bare_newline_exclusions", tables);
        this.prefixes = ClientNetwork.Prefixes.of(settings);
        this.verpClients = settings.networks("smtpd_authorized_verp_clients", tables);
        this.xclientHosts = settings.networks("smtpd_authorized_xclient_hosts", tables);
        this.xforwardHosts = settings.networks("smtpd_authorized_xforward_hosts", tables);
        this.localClients = LocalClients.of(settings, classes, tables);
        this.completesLoggedIn = settings.words("local_header_rewrite_clients").contains("permit_sasl_authenticated");
        List<String> signed = clientWords("dkim_signing_clients", settings);
        this.signsTrusted = signed.contains(MY_NETWORKS);
        this.signsLoggedIn = signed.contains(LOGGED_IN);
        List<String> exempt = clientWords("smtpd_authentication_exempt_clients", settings);
        this.exemptsTrusted = exempt.contains(MY_NETWORKS);
        this.exemptsLoggedIn = exempt.contains(LOGGED_IN);
        this.hiddenKeywords = HiddenKeywords.of(
                settings, "smtpd_discard_ehlo_keywords", "smtpd_discard_ehlo_keyword_address_maps", tables);
        this.looksUpNames = settings.flag("smtpd_peername_lookup");
        this.logsPorts = settings.flag("smtpd_client_port_logging");
    }

    private static List<String> clientWords(String parameter, Settings settings) {
        List<String> words = settings.words(parameter);
        if (!List.of(MY_NETWORKS, LOGGED_IN).containsAll(words)) {
            throw settings.bad(parameter, "some of " + MY_NETWORKS + " " + LOGGED_IN);
        }
        return words;
    }

    /** {@code tables}: opens those that the lists name. */
    public static ClientRules of(Settings settings, AddressClasses classes, ListTables tables) {
        return new ClientRules(settings, classes, tables);
    }

    /** What the lists say of the client. {@code mode}: of other clients. */
    ClientStanding standing(InetAddress address, ClientName names, BareNewline mode, Inquiry inquiry) {
        String knownName = names.name().equals(ClientFacts.UNKNOWN) ? null : names.name();
        ClientFacts facts = new ClientFacts(address, names, myNetworks.find(address, knownName, inquiry));
        return new ClientStanding(
                facts,
                localClients.find(facts, inquiry),
                limitExceptions.find(address, knownName, inquiry) == Finding.FOUND,
                bareNewlineExclusions.find(address, knownName, inquiry) == Finding.FOUND ? BareNewline.NO : mode,
                verpClients.find(address, knownName, inquiry) == Finding.FOUND,
                xclientHosts.find(address, knownName, inquiry) == Finding.FOUND,
                xforwardHosts.find(address, knownName, inquiry) == Finding.FOUND,
                hiddenKeywords.find(address, inquiry));
    }

    /** Whose counts those of this address are. */
    ClientNetwork network(InetAddress address) {
        return prefixes.of(address);
    }

    /** Its mail is ours to sign. */
    boolean signs(ClientFacts client, boolean isLoggedIn) {
        return signsTrusted && client.isTrusted() || signsLoggedIn && isLoggedIn;
    }

    /** What its mail says of itself is to be proved. */
    boolean isStranger(ClientFacts client, boolean isLoggedIn) {
        return !(exemptsTrusted && client.isTrusted() || exemptsLoggedIn && isLoggedIn);
    }

    /** Who has logged in is a local client. */
    boolean completesLoggedIn() {
        return completesLoggedIn;
    }

    boolean looksUpNames() {
        return looksUpNames;
    }

    boolean logsPorts() {
        return logsPorts;
    }
}
