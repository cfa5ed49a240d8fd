// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RoutesTest {
    private final OpenTables tables = new OpenTables(new TableHost(
            TableTypes::open, Path.of("/"), text -> text, warning -> {}, System::nanoTime, Runnable::run));
    private final List<String> warnings = new ArrayList<>();

    private static String resource(String name) throws IOException {
        try (InputStream in = RoutesTest.class.getResourceAsStream(name)) {
            return new String(assertInstanceOf(InputStream.class, in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Stream<String> cases() throws IOException {
        return resource("routes.txt").lines().filter(line -> !line.startsWith("#"));
    }

    private static MailAddress address(String text) {
        return text.equals("<>")
                ? MailAddress.NULL
                : assertInstanceOf(MailAddress.class, AddressParser.parse(text), text);
    }

    private Routes routes(String... mainCf) {
        Settings settings = FakeHost.settings(mainCf);
        return Routes.of(settings, AddressClasses.of(settings, tables).withWarnings(warnings::add), tables);
    }

    private static String text(@Nullable Route route) {
        return route == null ? "unknown" : route.transport() + ":" + route.nextHop();
    }

    private static String resolve(Routes routes, String recipient, String sender) {
        return text(routes.resolve(address(recipient), address(sender), Inquiry.BLOCKING));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void resolvesAsPostfixDoes(String line) throws IOException {
        String[] fields = line.split(" \\| ");
        assertEquals(fields[2], resolve(routes(resource("routes.cf")), fields[0], fields[1]));
    }

    @Test
    void discardsQueuedMailForTheSenderOfNotices() {
        Routes routes = routes(
                "mydestination = here.test",
                "double_bounce_sender = nobody-home",
                "transport_maps = inline:{here.test=error:no}");
        String discarded = "(qmgr):undeliverable postmaster notification discarded";
        assertEquals(discarded, queued(routes, "nobody-home@here.test"));
        assertEquals(discarded, queued(routes, "Nobody-Home@HERE.test"));
        for (String other : List.of("nobody-home@there.test", "nobody-home+x@here.test", "double-bounce@here.test")) {
            assertEquals(resolve(routes, other, "<>"), queued(routes, other));
        }
        assertEquals("error:no", resolve(routes, "nobody-home@here.test", "<>"));
    }

    /** Clients are refused before that; aliases, forward files and sendmail -t are not. */
    @Test
    void givesNoProgramARecipientThatIsLikeAnOption() {
        String[] mainCf = {"mydestination = here.test", "transport_maps = inline:{there.test=pipe:}"};
        MailAddress option = MailAddress.of("-oQ/tmp", "there.test");
        Routes routes = routes(mainCf);
        String refused = "error:5.1.3 bad address syntax";
        assertEquals(refused, text(routes.resolveQueued(option, MailAddress.NULL, Inquiry.BLOCKING)));
        assertEquals(refused, text(routes.throughFilter("pipe:x", option)));
        assertEquals("pipe:there.test", queued(routes, "x-oQ@there.test"));
        Routes lenient = routes(mainCf[0], mainCf[1], "allow_min_user = yes");
        assertEquals("pipe:there.test", text(lenient.resolveQueued(option, MailAddress.NULL, Inquiry.BLOCKING)));
    }

    private static String queued(Routes routes, String recipient) {
        return text(routes.resolveQueued(address(recipient), MailAddress.NULL, Inquiry.BLOCKING));
    }

    /** Postfix counts attempts at a time for each recipient there, and else for the next hop. */
    @Test
    void namesTheMailboxWhereATransportTakesOneRecipientAtATime(@TempDir Path directory) throws IOException {
        Routes routes = routes(directory, "");
        assertEquals("joe", mailbox(routes, "Joe+x@here.test"));
        assertEquals("", mailbox(routes, "joe@v.test"));
        assertEquals("joe", routes.guess(address("joe+y@here.test")).mailbox());
        Routes others =
                routes(directory, "local_destination_recipient_limit = 2\nvirtual_destination_recipient_limit = 1\n");
        assertEquals("", mailbox(others, "joe@here.test"));
        assertEquals("joe", mailbox(others, "joe@v.test"));
    }

    private Routes routes(Path directory, String limits) throws IOException {
        Files.writeString(
                directory.resolve("main.cf"),
                "mydestination = here.test\nrecipient_delimiter = +\nvirtual_mailbox_domains = v.test\n" + limits);
        Files.writeString(
                directory.resolve("master.cf"), "local unix - n n - - local\nvirtual unix - n n - - virtual\n");
        Settings settings = Configuration.read(directory, new LocalHost()).settings();
        return Routes.of(settings, AddressClasses.of(settings, tables), tables);
    }

    private static String mailbox(Routes routes, String recipient) {
        Route route = routes.resolve(address(recipient), MailAddress.NULL, Inquiry.BLOCKING);
        return route == null ? "unknown" : route.mailbox();
    }

    @Test
    void saysOnceOfADomainThatItIsInTwoClasses() throws IOException {
        Routes routes = routes(resource("routes.cf"));
        for (int i = 0; i < 3; i++) {
            resolve(routes, "u@both.test", "<>");
            resolve(routes, "u@vam.test", "<>");
            resolve(routes, "u@vr.test", "<>");
            resolve(routes, "u@b.test", "<>");
        }
        assertEquals(
                List.of(
                        "do not list domain both.test in BOTH mydestination and virtual_alias_domains",
                        "do not list domain vam.test in BOTH virtual_alias_domains and virtual_mailbox_domains",
                        "do not list domain vr.test in BOTH virtual_mailbox_domains and relay_domains"),
                warnings);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        local      | relay                 | smtp                  |                | u@b.test   | local:b.test
        local:mx   | relay                 | smtp                  |                | u@b.test   | local:mx
        local      | relay                 | smtp                  |                | u@relay.test | relay:relay.test
        local      | relay                 | smtp                  |                | u@X.test   | smtp:x.test
        local      | relay                 | smtp                  | [hub.test]:587 | u@x.test   | smtp:[hub.test]:587
        local      | relay                 | smtp                  | a.test, b.test | u@x.test   | smtp:a.test,b.test
        local      | relay                 | smtp                  | [hub.test]:587 | u@relay.test | relay:[hub.test]:587
        local      | relay:[in.test]       | smtp                  | hub.test       | u@relay.test | relay:[in.test]
        local      | relay                 | smtp:[out.test]:26    | hub.test       | u@x.test   | smtp:[out.test]:26
        local      | relay                 | error:5.1.2 not here: sorry |          | u@x.test   | error:5.1.2 not here: sorry
        local      | relay                 | discard:              |                | u@x.test   | discard:x.test
        local      | relay                 | smtp                  |                | u@[127.0.0.2] | smtp:[127.0.0.2]
        """)
    void choosesTransportAndNextHopByTheClass(
            String local, String relay, String other, @Nullable String relayHost, String recipient, String expected) {
        Routes routes = routes(
                "mydestination = b.test",
                "relay_domains = relay.test",
                "local_transport = " + local,
                "relay_transport = " + relay,
                "default_transport = " + other,
                "relayhost = " + (relayHost == null ? "" : relayHost));
        assertEquals(expected, resolve(routes, recipient, "<>"));
        assertEquals(expected, text(routes.guess(address(recipient))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        scan:[127.0.0.1]:10024 |          | u@B.test | scan:[127.0.0.1]:10024
        scan:                  |          | u@B.test | scan:b.test
        scan                   |          | u@B.test | scan:b.test
        scan:                  | hop.test | u@B.test | scan:hop.test
        scan:x.test            | hop.test | u@B.test | scan:x.test
        error:5.7.1 no: not it |          | u@B.test | error:5.7.1 no: not it
        """)
    void leadsToAFilterWhateverTheTablesSay(
            String filter, @Nullable String nextHop, String recipient, String expected) {
        Routes routes = routes(
                "default_filter_nexthop = " + (nextHop == null ? "" : nextHop),
                "transport_maps = inline:{{*=error:not there}}");
        assertEquals(expected, text(routes.throughFilter(filter, address(recipient))));
    }

    @Test
    void leadsToAFilterFromARecipientWithoutADomain() {
        Routes routes = routes("myhostname = mx.b.test");
        assertEquals("scan:mx.b.test", text(routes.throughFilter("scan:", MailAddress.of("u", ""))));
    }

    @Test
    void takesTheAsteriskForWhatNoOtherRowHas() {
        Routes routes =
                routes("mydestination = b.test", "transport_maps = inline:{ { * = smtp:[any.test] }, { b.test = : } }");
        assertEquals("smtp:[any.test]", resolve(routes, "u@x.test", "<>"));
        assertEquals("smtp:[any.test]", resolve(routes, "u@sub.b.test", "<>"));
        assertEquals("local:mx.example.org", resolve(routes, "u@b.test", "<>"));
    }

    @Test
    void looksParentDomainsUpWithoutADotWhereTheConfigurationSaysSo() {
        String row = "transport_maps = inline:{ { x.test = smtp:[any.test] } }";
        assertEquals("smtp:a.x.test", resolve(routes(row), "u@a.x.test", "<>"));
        Routes old = routes(row, "parent_domain_matches_subdomains = transport_maps");
        assertEquals("smtp:[any.test]", resolve(old, "u@a.x.test", "<>"));
    }

    @Test
    void declaresADomainByARowOfVirtualMapsAsInTheYear2000() {
        Routes routes = routes("virtual_maps = inline:{ { old.test = anything }, { a@old.test = u@x.test } }");
        assertEquals("error:5.1.1 User unknown in virtual alias table", resolve(routes, "u@old.test", "<>"));
        assertEquals("smtp:sub.old.test", resolve(routes, "u@sub.old.test", "<>"));
    }

    @Test
    void leavesTheNamesOfTablesOutWhereTheConfigurationSaysSo() {
        Routes routes = routes("virtual_alias_domains = va.test", "show_user_unknown_table_name = no");
        assertEquals("error:5.1.1 User unknown", resolve(routes, "u@va.test", "<>"));
    }

    @Test
    void takesTheRowsOfRelocatedMapsForTheWholeTextWhereTheConfigurationSaysSo() {
        Routes routes =
                routes("relocated_maps = inline:{ { @x.test = 5.2.0 Closed } }", "relocated_prefix_enable = no");
        assertEquals("error:5.2.0 Closed", resolve(routes, "u@x.test", "<>"));
    }

    @ParameterizedTest
    @CsvSource({
        "transport_maps",
        "relocated_maps",
        "sender_dependent_relayhost_maps",
        "sender_dependent_default_transport_maps",
        "virtual_alias_domains",
        "virtual_mailbox_domains",
    })
    void knowsNoRouteWhileATableDoesNotAnswer(String parameter) {
        Settings settings = FakeHost.settings(parameter + " = mute:x");
        FakeTables mute = new FakeTables();
        Routes routes = Routes.of(settings, AddressClasses.of(settings, mute), mute);
        assertNull(routes.resolve(address("u@x.test"), address("s@y.test"), Inquiry.BLOCKING));
        assertEquals("smtp:x.test", text(routes.guess(address("u@x.test"))));
    }
}
