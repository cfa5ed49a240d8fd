// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.ldap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.Certificate;
import dev.stafette.engine.table.Daemon;
import dev.stafette.engine.table.InMemory;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Postmap;
import dev.stafette.engine.table.Slapd;
import dev.stafette.engine.table.SourceFile;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.sql.SqlCases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LdapTableIT {
    private static final String ENTRIES = """
        dn: dc=example,dc=com
        objectClass: dcObject
        objectClass: organization
        dc: example
        o: example

        dn: ou=people,dc=example,dc=com
        objectClass: organizationalUnit
        ou: people

        dn: uid=ann,ou=people,dc=example,dc=com
        objectClass: inetOrgPerson
        uid: ann
        cn: Ann
        sn: A
        mail: ann@example.com
        description: terminal@example.com
        employeeType: leaf-ann

        dn: uid=bob,ou=people,dc=example,dc=com
        objectClass: inetOrgPerson
        uid: bob
        cn: Bob (the * \\builder)
        sn: B
        mail: bob@example.com
        mail: bobby@example.com

        dn: cn=a\\,b,ou=people,dc=example,dc=com
        objectClass: inetOrgPerson
        uid: comma
        cn: a,b
        sn: C
        mail: comma@example.com

        dn: cn=staff,dc=example,dc=com
        objectClass: groupOfNames
        objectClass: extensibleObject
        cn: staff
        mail: staff@example.com
        employeeType: leaf-staff
        member: uid=ann,ou=people,dc=example,dc=com
        member: uid=bob,ou=people,dc=example,dc=com
        member: uid=gone,ou=people,dc=example,dc=com

        dn: cn=all,dc=example,dc=com
        objectClass: groupOfNames
        objectClass: extensibleObject
        cn: all
        member: cn=staff,dc=example,dc=com
        labeledURI: ldap:///ou=people,dc=example,dc=com?mail?one?(uid=comma)

        dn: cn=loop,dc=example,dc=com
        objectClass: groupOfNames
        cn: loop
        member: cn=loop,dc=example,dc=com
        """;

    @TempDir(factory = InMemory.class)
    static Path directory;

    private static int port;
    private static int tlsPort;
    private static Certificate certificate;
    private static Slapd server;

    private record Case(String source, String key, String expected) {}

    private static final String BY_UID = "query_filter = (uid=%s)\nresult_attribute = mail\n";
    private static final String BY_CN = "query_filter = (cn=%s)\nresult_attribute = mail\n";
    private static final String GROUP = BY_CN + "special_result_attribute = member labeledURI\n";

    private static final List<Case> CASES = List.of(
            new Case(BY_UID, "ann", "FOUND ann@example.com"),
            new Case(BY_UID, "bob", "FOUND bob@example.com,bobby@example.com"),
            new Case(BY_UID, "nobody", "NOT_FOUND"),
            new Case(BY_UID, "*", "NOT_FOUND"),
            new Case(BY_UID, "ann)(uid=*", "NOT_FOUND"),
            new Case(BY_CN, "Bob (the * \\builder)", "FOUND bob@example.com,bobby@example.com"),
            new Case(BY_UID + "expansion_limit = 1", "bob", "UNAVAILABLE"),
            new Case(BY_UID + "result_format = %u/%s", "bob", "FOUND bob/bob@example.com,bobby/bobby@example.com"),
            new Case(BY_UID + "result_filter = x%s", "ann", "FOUND xann@example.com"),
            new Case("query_filter = (uid=%u)\nresult_attribute = mail", "ann@example.com", "FOUND ann@example.com"),
            new Case("query_filter = (mail=%u@%d)\nresult_attribute = uid", "ann@example.com", "FOUND ann"),
            new Case("query_filter = (mail=%u@%d)\nresult_attribute = uid", "ann", "NOT_FOUND"),
            new Case(
                    "query_filter = (mail=%s)\nresult_attribute = uid\ndomain = example.org",
                    "ann@example.com", "NOT_FOUND"),
            new Case("scope = one\nquery_filter = (uid=%s)\nresult_attribute = mail", "ann", "NOT_FOUND"),
            new Case(
                    "query_filter = (uid=%s)\nresult_attribute = mail\nterminal_result_attribute = description",
                    "ann", "FOUND terminal@example.com"),
            new Case(
                    "query_filter = (uid=%s)\nresult_attribute = mail\nterminal_result_attribute = description",
                    "bob", "FOUND bob@example.com,bobby@example.com"),
            new Case(
                    "query_filter = (cn=%s)\nspecial_result_attribute = member\nleaf_result_attribute = mail",
                    "staff", "FOUND ann@example.com,bob@example.com,bobby@example.com"),
            new Case(GROUP, "staff", "FOUND staff@example.com,ann@example.com,bob@example.com,bobby@example.com"),
            new Case(
                    GROUP,
                    "all",
                    "FOUND staff@example.com,ann@example.com,bob@example.com,bobby@example.com,comma@example.com"),
            new Case(GROUP + "expansion_limit = 4", "all", "UNAVAILABLE"),
            new Case(GROUP + "recursion_limit = 10", "loop", "UNAVAILABLE"));

    /** With a base of its own. */
    private static final List<Case> BASES = List.of(
            new Case(
                    "search_base = uid=%u,ou=people,dc=%2,dc=%1\n"
                            + "query_filter = (objectClass=*)\nresult_attribute = mail",
                    "ann@example.com", "FOUND ann@example.com"),
            new Case(
                    "search_base = uid=%u,ou=people,dc=%2,dc=%1\n"
                            + "query_filter = (objectClass=*)\nresult_attribute = mail",
                    "eve@example.com", "NOT_FOUND"),
            new Case(
                    "search_base = cn=%s,ou=people,dc=example,dc=com\n"
                            + "query_filter = (objectClass=*)\nresult_attribute = mail",
                    "a,b", "FOUND comma@example.com"),
            new Case("search_base = dc=nowhere\n" + BY_UID, "ann", "UNAVAILABLE"));

    @BeforeAll
    static void start() throws Exception {
        tlsPort = Daemon.freePort();
        certificate = Certificate.make(directory, "server");
        server = Slapd.start(
                directory,
                ENTRIES,
                List.of(
                        "TLSCertificateFile " + directory.resolve("server.pem"),
                        "TLSCertificateKeyFile " + directory.resolve("server.key")),
                List.of(
                        "rootdn \"cn=admin,dc=example,dc=com\"",
                        "rootpw \"sec ret\"",
                        "access to * by anonymous auth by * read"),
                "ldaps://127.0.0.1:" + tlsPort,
                "ldapi://" + (directory + "/ldapi").replace("/", "%2F"));
        port = server.port();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static String login(String host) {
        return "server_host = " + host + "\nversion = 3\nbind = yes\n"
                + "bind_dn = cn=admin,dc=example,dc=com\nbind_pw = sec ret\n";
    }

    @Test
    void answersAsPostfixDoes() throws Exception {
        Postmap postmap = Postmap.find(directory, "ldap");
        String login = login("ldap://127.0.0.1:" + port);
        for (Case one : CASES) {
            check(login + "search_base = dc=example,dc=com\n", one, postmap);
        }
        for (Case one : BASES) {
            check(login, one, postmap);
        }
    }

    private static void check(String login, Case one, @Nullable Postmap postmap) throws Exception {
        Path source = Files.writeString(directory.resolve("case.cf"), login + one.source + "\n");
        Table table = SourceFile.host(directory).open("ldap:" + source);
        assertEquals(one.expected, SqlCases.kindAndValue(table.lookup(one.key, Inquiry.BLOCKING)), one.toString());
        table.close();
        if (postmap != null) {
            assertEquals(one.expected, postmap.query("ldap:" + source, one.key), "Postfix: " + one);
        }
    }

    @Test
    void reachesUnixSocket() {
        String host = "ldapi://" + (directory + "/ldapi").replace("/", "%2F");
        Table table = SourceFile.open(directory, "ldap", login(host) + "search_base = dc=example,dc=com\n" + BY_UID);
        assertEquals(
                "FOUND ann@example.com", table.lookup("ann", Inquiry.BLOCKING).toString());
        table.close();
    }

    @Test
    void asksTheNextServerWhenOneIsDown() throws Exception {
        String hosts = "127.0.0.1:" + Daemon.freePort() + " 127.0.0.1:" + port;
        Table table = SourceFile.open(directory, "ldap", login(hosts) + "search_base = dc=example,dc=com\n" + BY_UID);
        assertEquals(
                "FOUND ann@example.com", table.lookup("ann", Inquiry.BLOCKING).toString());
        table.close();
    }

    private static TableAnswer lookup(String login) {
        Table table = SourceFile.open(directory, "ldap", login + "search_base = dc=example,dc=com\n" + BY_UID);
        TableAnswer answer = table.lookup("ann", Inquiry.BLOCKING);
        table.close();
        return answer;
    }

    @Test
    void encryptsAndChecksWhoIsThere() throws Exception {
        String startTls = login("127.0.0.1:" + port) + "start_tls = yes\n";
        String tls = login("ldaps://127.0.0.1:" + tlsPort);
        Certificate another = Certificate.make(directory, "another");
        for (String login : List.of(startTls, tls)) {
            assertEquals("FOUND ann@example.com", lookup(login).toString());
            String strict = login + "tls_require_cert = yes\ntls_ca_cert_file = ";
            assertEquals(
                    "FOUND ann@example.com",
                    lookup(strict + certificate.file() + "\n").toString());
            assertTrue(lookup(strict + another.file() + "\n").isUnavailable());
        }
    }

    @Test
    void saysWhyItMayNotLogIn() {
        String login = login("127.0.0.1:" + port).replace("sec ret", "wrong");
        Table table = SourceFile.open(directory, "ldap", login + "search_base = dc=example,dc=com\n" + BY_UID);
        TableAnswer answer = table.lookup("ann", Inquiry.BLOCKING);
        assertTrue(answer.isUnavailable() && answer.why().contains("invalid credentials"), answer.toString());
        table.close();
    }
}
