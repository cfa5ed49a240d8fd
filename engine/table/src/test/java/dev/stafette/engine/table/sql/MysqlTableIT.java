// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.Certificate;
import dev.stafette.engine.table.Daemon;
import dev.stafette.engine.table.InMemory;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Postmap;
import dev.stafette.engine.table.SourceFile;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MysqlTableIT {
    @TempDir(factory = InMemory.class)
    static Path directory;

    private static int port;
    private static Certificate certificate;
    private static Daemon server;

    @BeforeAll
    static void start() throws Exception {
        Path mariadbd = Daemon.program("mariadbd");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path data = Files.createDirectory(directory.resolve("data"));
        port = Daemon.freePort();
        certificate = Certificate.make(directory, "server");
        String setup = "CREATE DATABASE IF NOT EXISTS mail CHARACTER SET utf8mb4;\nUSE mail;\n"
                + String.join(";\n", SqlCases.SETUP) + ";\n"
                + "CREATE PROCEDURE find_user(k VARCHAR(100)) SELECT CONCAT('found ', k);\n"
                + "CREATE PROCEDURE find_two(k VARCHAR(100)) BEGIN SELECT 1; SELECT 2; END;\n";
        Daemon.run(
                directory,
                Daemon.asNobody(
                        directory,
                        List.of(
                                Daemon.program("mariadb-install-db").toString(),
                                "--no-defaults",
                                "--datadir=" + data,
                                "--auth-root-authentication-method=normal",
                                "--skip-test-db",
                                "--skip-name-resolve")));
        server = Daemon.start(
                directory,
                port,
                Daemon.asNobody(
                        directory,
                        List.of(
                                mariadbd.toString(),
                                "--no-defaults",
                                "--datadir=" + data,
                                "--bind-address=127.0.0.1",
                                "--ssl-cert=" + certificate.file(),
                                "--ssl-key=" + certificate.key(),
                                "--ssl-ca=" + certificate.file(),
                                "--port=" + port,
                                "--socket=" + directory + "/sock",
                                "--innodb-flush-log-at-trx-commit=0",
                                "--innodb-log-file-size=4M",
                                "--pid-file=" + directory + "/pid")));
        setup = setup.replace("BEGIN SELECT 1; SELECT 2; END;\n", "BEGIN SELECT 1; SELECT 2; END//\n");
        setup = setup.replace("CREATE PROCEDURE find_two", "DELIMITER //\nCREATE PROCEDURE find_two");
        Daemon.run(
                directory,
                List.of(
                        Daemon.program("mariadb").toString(),
                        "--no-defaults",
                        "--default-character-set=utf8mb4",
                        "-uroot",
                        "--socket=" + directory + "/sock"),
                setup);
        Daemon.run(
                directory,
                List.of(
                        Daemon.program("mariadb").toString(),
                        "--no-defaults",
                        "-uroot",
                        "--socket=" + directory + "/sock"),
                "CREATE USER mail@localhost IDENTIFIED BY 'se cret';\n"
                        + "CREATE USER mail@127.0.0.1 IDENTIFIED BY 'se cret';\n"
                        + "GRANT ALL ON mail.* TO mail@localhost, mail@127.0.0.1;\n");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static String login(String hosts) {
        return "hosts = " + hosts + "\nuser = mail\npassword = se cret\ndbname = mail\n";
    }

    @Test
    void answersAsPostfixDoes() throws Exception {
        SqlCases.check(directory, "mysql", login("inet:127.0.0.1:" + port), Postmap.find(directory, "mysql"));
    }

    @Test
    void reachesUnixSocketAndTakesDoubleQuotesForText() {
        Table table = SourceFile.open(
                directory,
                "mysql",
                login("unix:" + directory + "/sock") + "query = SELECT \"it's %u\" FROM users WHERE k = \"%s\"\n");
        assertEquals(
                "FOUND it's a", table.lookup("a@example.com", Inquiry.BLOCKING).toString());
        assertEquals(
                "NOT_FOUND", table.lookup("\" OR \"\"=\"", Inquiry.BLOCKING).toString());
        table.close();
    }

    @Test
    void callsProcedureWithOneResultSet() {
        Table one = SourceFile.open(directory, "mysql", login("127.0.0.1:" + port) + "query = CALL find_user('%s')\n");
        assertEquals("FOUND found a'b", one.lookup("a'b", Inquiry.BLOCKING).toString());
        assertEquals("FOUND found c", one.lookup("c", Inquiry.BLOCKING).toString());
        Table two = SourceFile.open(directory, "mysql", login("127.0.0.1:" + port) + "query = CALL find_two('%s')\n");
        assertTrue(two.lookup("a", Inquiry.BLOCKING).why().contains("more than one result set"));
        one.close();
        two.close();
    }

    private static TableAnswer lookup(String login) {
        Table table = SourceFile.open(directory, "mysql", login + "query = SELECT '%s'\n");
        TableAnswer answer = table.lookup("a", Inquiry.BLOCKING);
        table.close();
        return answer;
    }

    @Test
    void encryptsAndChecksWhoIsThere() throws Exception {
        Certificate another = Certificate.make(directory, "another");
        String login = login("127.0.0.1:" + port) + "tls_verify_cert = yes\ntls_CAfile = ";
        assertEquals("FOUND a", lookup(login + certificate.file() + "\n").toString());
        assertTrue(lookup(login + another.file() + "\n").isUnavailable());
        Table table = SourceFile.open(
                directory,
                "mysql",
                login + certificate.file()
                        + "\nquery = SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS"
                        + " WHERE VARIABLE_NAME = '%s'\n");
        assertTrue(table.lookup("Ssl_cipher", Inquiry.BLOCKING).value().startsWith("TLS"));
        table.close();
    }

    @Test
    void saysWhyItMayNotLogIn() {
        Table table = SourceFile.open(
                directory, "mysql", login("127.0.0.1:" + port).replace("se cret", "wrong") + "query = SELECT '%s'\n");
        TableAnswer answer = table.lookup("a", Inquiry.BLOCKING);
        assertTrue(answer.isUnavailable() && answer.why().contains("Access denied"), answer.toString());
        table.close();
    }
}
