// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.codec.envelope.VerpRules;
import dev.stafette.engine.config.IpProtocols;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.match.NetworkList;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code sendmail -bs} offers: that of Postfix's stand-alone server, to which the client is this host.
 * Thread: main.
 *
 * @param keywords behind EHLO
 * @param hidden those that are not offered, and so not understood
 * @param verp null: the client may not ask for it
 */
record StandAloneTerms(
        List<String> keywords, Set<String> hidden, @Nullable VerpRules verp) {
    private static final String VERP_CLIENTS = "smtpd_authorized_verp_clients";
    private static final InetAddress IPV4 = IpText.of(new byte[] {127, 0, 0, 1});
    private static final InetAddress IPV6 = IpText.of(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

    static StandAloneTerms of(SubmissionSettings settings) {
        Settings main = settings.main();
        Set<String> hidden = main.words("smtpd_discard_ehlo_keywords").stream()
                .map(word -> word.toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        boolean mayVerp = !main.text(VERP_CLIENTS).isEmpty() && !hidden.contains("XVERP") && isListed(settings);
        List<String> keywords = new ArrayList<>(List.of("PIPELINING", "SIZE", "VRFY", "ETRN"));
        if (mayVerp) {
            keywords.add("XVERP");
        }
        keywords.addAll(List.of("ENHANCEDSTATUSCODES", "8BITMIME", "DSN"));
        if (main.flag("smtputf8_enable")) {
            keywords.add("SMTPUTF8");
        }
        keywords.add("CHUNKING");
        keywords.removeAll(hidden);
        return new StandAloneTerms(
                keywords,
                hidden,
                mayVerp
                        ? new VerpRules(main.text("default_verp_delimiters"), main.text("verp_delimiter_filter"))
                        : null);
    }

    private static boolean isListed(SubmissionSettings settings) {
        Settings main = settings.main();
        TableHost host = new TableHost(
                TableTypes::open, settings.directory(), main::expand, warning -> {}, System::nanoTime, Runnable::run);
        try (OpenTables tables = new OpenTables(host)) {
            NetworkList clients = main.networks(VERP_CLIENTS, tables);
            InetAddress own = IpProtocols.of(main).has(IPV4) ? IPV4 : IPV6;
            return clients.find(own, "localhost", Inquiry.BLOCKING) == Finding.FOUND;
        }
    }
}
