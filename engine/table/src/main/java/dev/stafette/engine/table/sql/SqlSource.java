// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.server.KeyTemplate;
import dev.stafette.engine.table.server.ServerAddress;
import dev.stafette.engine.table.server.TableParameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what the source of an SQL table says, in today's form and in those of old Postfix releases.
 * Thread: start-up and reload.
 */
public final class SqlSource {
    /** To ignore one could mean less security than was asked for, or another server. */
    private static final List<String> NOT_YET =
            List.of("option_file", "tls_cert_file", "tls_key_file", "tls_CApath", "tls_ciphers");

    /** Where Debian, others, and MySQL's own packages have it; the first that is there counts, and TCP where none is. */
    private static final List<Path> MYSQL_SOCKETS = List.of(
            Path.of("/run/mysqld/mysqld.sock"), Path.of("/var/lib/mysql/mysql.sock"), Path.of("/tmp/mysql.sock"));

    private SqlSource() {}

    static KeyTemplate query(SqlDialect dialect, TableParameters parameters) {
        if (parameters.has("query")) {
            parameters.required("query");
            return parameters.template("query", "");
        }
        String text = dialect == SqlDialect.PGSQL && parameters.has("select_function")
                ? "SELECT " + parameters.required("select_function") + "('%s')"
                : oldQuery(parameters);
        try {
            return KeyTemplate.parse(text);
        } catch (IllegalArgumentException e) {
            throw parameters.bad("additional_conditions", String.valueOf(e.getMessage()));
        }
    }

    private static String oldQuery(TableParameters parameters) {
        if (!parameters.has("table")) {
            parameters.required("query");
        }
        return "SELECT " + parameters.required("select_field")
                + " FROM " + parameters.required("table")
                + " WHERE " + parameters.required("where_field") + " = '%s' "
                + parameters.text("additional_conditions", "");
    }

    static List<ServerAddress> servers(SqlDialect dialect, TableParameters parameters) {
        if (dialect == SqlDialect.SQLITE) {
            return List.of(new ServerAddress(ServerAddress.Kind.FILE, parameters.required("dbpath"), 0));
        }
        List<ServerAddress> servers = parameters.servers("hosts", "localhost", dialect.port());
        return dialect == SqlDialect.MYSQL
                ? withLocalSocket(servers, parameters.words("hosts", "localhost"), MYSQL_SOCKETS)
                : servers;
    }

    /** To MySQL's clients {@code localhost} means its socket; {@code inet:localhost} does not. */
    public static List<ServerAddress> withLocalSocket(
            List<ServerAddress> servers, List<String> words, List<Path> sockets) {
        Optional<Path> socket = sockets.stream().filter(Files::exists).findFirst();
        List<ServerAddress> replaced = new ArrayList<>(servers);
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("localhost") && socket.isPresent()) {
                replaced.set(
                        i,
                        new ServerAddress(ServerAddress.Kind.UNIX, socket.get().toString(), 0));
            }
        }
        return replaced;
    }

    static SqlLogin login(SqlDialect dialect, TableParameters parameters) {
        if (dialect == SqlDialect.MYSQL) {
            for (String name : NOT_YET) {
                if (parameters.has(name)) {
                    throw parameters.bad(name, "not set: this cannot be done yet");
                }
            }
        }
        if (dialect != SqlDialect.SQLITE) {
            parameters.required("dbname");
        }
        checkDriver(dialect, parameters);
        return new SqlLogin(
                dialect,
                parameters.text("user", ""),
                parameters.text("password", ""),
                parameters.text("dbname", ""),
                parameters.timeMs("timeout", SqlTable.TIMEOUT_MS, 1000),
                parameters.text("tls_CAfile", ""),
                parameters.flag("tls_verify_cert", false));
    }

    /** Without loading it: that is for whoever asks the table. */
    private static void checkDriver(SqlDialect dialect, TableParameters parameters) {
        String file = dialect.driver().replace('.', '/') + ".class";
        if (SqlSource.class.getClassLoader().getResource(file) == null) {
            throw new ConfigException(
                    parameters.table() + ": no driver " + dialect.driver() + " (expected: its jar in lib/)");
        }
    }
}
