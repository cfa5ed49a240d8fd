// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import dev.stafette.engine.table.server.ServerAddress;
import dev.stafette.engine.table.server.UnixSocketFactory;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;

/**
 * How a table's connections to its database are opened: by whom, to which database, and what the driver is told.
 * Thread: any (a value).
 *
 * @param authorities a file; of MySQL: makes the connection TLS, with a certificate by one of these
 * @param verifyName of MySQL: and for the server's name; without a file, by an authority that the JVM knows
 */
record SqlLogin(
        SqlDialect dialect,
        String user,
        String password,
        String database,
        long timeoutMs,
        String authorities,
        boolean verifyName) {

    /** The driver's classes are loaded by the first table that connects. */
    Connection connect(ServerAddress server) throws IOException, SQLException {
        Properties properties = new Properties();
        String url = switch (dialect) {
            case MYSQL -> mysql(server, properties);
            case PGSQL -> pgsql(server, properties);
            case SQLITE -> sqlite(server, properties);
        };
        Connection connection = driver().connect(url, properties);
        if (connection == null) {
            throw new IOException(dialect.driver() + " does not take " + url);
        }
        return connection;
    }

    private Driver driver() throws IOException {
        try {
            return (Driver)
                    Class.forName(dialect.driver()).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IOException("the driver " + dialect.driver() + " cannot be loaded: " + e, e);
        }
    }

    private void setUser(Properties properties) {
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
    }

    private String mysql(ServerAddress server, Properties properties) {
        setUser(properties);
        String timeout = String.valueOf(timeoutMs);
        properties.setProperty("connectTimeout", timeout);
        properties.setProperty("socketTimeout", timeout);
        properties.setProperty("tcpKeepAlive", "true");
        if (server.isUnix()) {
            properties.setProperty("socketFactory", MysqlUnixSockets.class.getName());
            properties.setProperty(MysqlUnixSockets.PATH, server.host());
        } else if (verifyName || !authorities.isEmpty()) {
            properties.setProperty("sslMode", verifyName ? "verify-full" : "verify-ca");
            if (!authorities.isEmpty()) {
                properties.setProperty("serverSslCert", authorities);
            }
        }
        return "jdbc:mariadb://" + (server.isUnix() ? "localhost" : server) + "/" + encoded(database);
    }

    private String pgsql(ServerAddress server, Properties properties) {
        setUser(properties);
        String timeoutSeconds = String.valueOf(Math.max(1, timeoutMs / 1000));
        properties.setProperty("connectTimeout", timeoutSeconds);
        properties.setProperty("socketTimeout", timeoutSeconds);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "stafette");
        // A parameter then has the type that a quoted literal would have in its place.
        properties.setProperty("stringtype", "unspecified");
        // Named statements do not survive a pooler such as PgBouncer between us and the server.
        properties.setProperty("prepareThreshold", "0");
        if (server.isUnix()) {
            properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
            properties.setProperty("socketFactoryArg", socketFile(server.host()));
            properties.setProperty("sslmode", "disable");
            properties.setProperty("gssEncMode", "disable");
        }
        return "jdbc:postgresql://" + (server.isUnix() ? "localhost" : server) + "/" + encoded(database);
    }

    /** PostgreSQL's clients are given the directory, and know the name of the socket in it. */
    private static String socketFile(String path) {
        return Files.isDirectory(Path.of(path)) ? path + "/.s.PGSQL." + SqlDialect.PGSQL.port() : path;
    }

    private String sqlite(ServerAddress server, Properties properties) {
        // SQLITE_OPEN_READONLY: lookups change nothing, and a file that is missing is not made.
        properties.setProperty("open_mode", "1");
        properties.setProperty("busy_timeout", String.valueOf(timeoutMs));
        return "jdbc:sqlite:" + server.host();
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user + "@" + database;
    }
}
