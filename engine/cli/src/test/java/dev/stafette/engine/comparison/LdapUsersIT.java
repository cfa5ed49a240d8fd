// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.table.Daemon;
import dev.stafette.engine.table.Slapd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users of this machine, and those of virtual mailboxes, are entries of OpenLDAP's slapd: who is none is refused at RCPT. */
@Timeout(300)
class LdapUsersIT {
    private static final String ENTRIES = """
        dn: dc=example,dc=com
        objectClass: dcObject
        objectClass: organization
        dc: example
        o: example

        dn: uid=ann,dc=example,dc=com
        objectClass: inetOrgPerson
        uid: ann
        cn: Ann
        sn: A
        mail: ann@v.test
        """;

    private Path parent;
    private Surroundings around;
    private Slapd server;

    @BeforeEach
    void open() throws Exception {
        Daemon.program("slapd");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "users");
        around = Surroundings.open(List.of());
        server = Slapd.start(parent, ENTRIES, List.of(), List.of("access to * by * read"));
    }

    @AfterEach
    void delete() throws IOException {
        if (server != null) {
            server.close();
        }
        if (around != null) {
            around.close();
            MtaDirectory.delete(parent);
        }
    }

    private String table(String name, String filter) throws IOException {
        return "ldap:"
                + Files.writeString(
                        parent.resolve(name),
                        "server_host = ldap://127.0.0.1:" + server.port()
                                + "\nversion = 3\nbind = no\ntimeout = 60\nsearch_base = dc=example,dc=com\n"
                                + "query_filter = " + filter + "\nresult_attribute = uid\n");
    }

    /** What is said to a recipient. */
    private static String rcpt(String recipient, int port) throws IOException {
        List<String> said = MilterComparisonIT.say(
                List.of("EHLO c.test", "MAIL FROM:<s@a.test>", "RCPT TO:<" + recipient + ">", "QUIT"), port);
        return said.get(1).substring(said.get(1).indexOf('→') + 2);
    }

    @Test
    @SuppressWarnings("try")
    void refusesWhoIsNoEntryAndNobodyForGoodWithoutTheServer() throws Exception {
        int port = FreePorts.find();
        List<String> mainCf = List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.b.test",
                "mydestination = b.test",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "smtpd_peername_lookup = no",
                "alias_maps =",
                "local_recipient_maps = " + table("users.cf", "(uid=%s)"),
                "virtual_mailbox_domains = v.test",
                "virtual_mailbox_maps = " + table("boxes.cf", "(mail=%s)"),
                "virtual_mailbox_base = " + parent);
        try (OurInstance ours = OurInstance.start(
                Files.createDirectory(parent.resolve("ours")),
                mainCf,
                List.of(Side.row(port, "smtpd", List.of())),
                List.of(),
                around.nameServer())) {
            assertEquals("250 2.1.5 Ok", rcpt("ann@b.test", port));
            assertEquals("250 2.1.5 Ok", rcpt("ann@v.test", port));
            assertEquals(
                    "550 5.1.1 <bob@b.test>: Recipient address rejected: User unknown in local recipient table",
                    rcpt("bob@b.test", port));
            assertEquals(
                    "550 5.1.1 <bob@v.test>: Recipient address rejected: User unknown in virtual mailbox table",
                    rcpt("bob@v.test", port));
            server.close();
            for (String recipient : List.of("ann@b.test", "bob@b.test", "ann@v.test", "bob@v.test")) {
                assertEquals("451 4.3.0 <" + recipient + ">: Temporary lookup failure", rcpt(recipient, port));
            }
        }
    }
}
