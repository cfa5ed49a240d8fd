// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** OpenLDAP's slapd on loopback, with the entries of {@code dc=example,dc=com}; a test that needs it is skipped without it. */
public final class Slapd implements Closeable {
    private static final String CONFIGURATION = """
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/inetorgperson.schema
        pidfile DIR/slapd.pid
        argsfile DIR/slapd.args
        moduleload /usr/lib/ldap/back_mdb.so
        GLOBAL
        database mdb
        maxsize 10485760
        suffix "dc=example,dc=com"
        directory DIR/db
        dbnosync
        OWN
        """;

    private final Daemon daemon;
    private final int port;

    private Slapd(Daemon daemon, int port) {
        this.daemon = daemon;
        this.port = port;
    }

    /**
     * @param entries in LDIF
     * @param global lines of slapd.conf in front of the database's
     * @param own lines of the database
     * @param urls where it listens besides
     */
    public static Slapd start(Path directory, String entries, List<String> global, List<String> own, String... urls)
            throws IOException, InterruptedException {
        String slapd = Daemon.program("slapd").toString();
        String slapadd = Daemon.program("slapadd").toString();
        Files.createDirectory(directory.resolve("db"));
        String configuration = Files.writeString(
                        directory.resolve("slapd.conf"),
                        CONFIGURATION
                                .replace("DIR", directory.toString())
                                .replace("GLOBAL", String.join("\n", global))
                                .replace("OWN", String.join("\n", own)))
                .toString();
        Path ldif = Files.writeString(directory.resolve("entries.ldif"), entries);
        Daemon.run(directory, List.of(slapadd, "-q", "-f", configuration, "-l", ldif.toString()));
        int port = Daemon.freePort();
        List<String> all = new ArrayList<>(List.of("ldap://127.0.0.1:" + port));
        all.addAll(List.of(urls));
        List<String> command = List.of(slapd, "-d", "0", "-f", configuration, "-h", String.join(" ", all));
        return new Slapd(Daemon.start(directory, port, command), port);
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        daemon.close();
    }
}
