// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.server.ServerAddress;
import dev.stafette.engine.table.server.TableParameters;
import dev.stafette.engine.table.sql.SqlSource;
import dev.stafette.engine.table.types.TableTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableSourceIT {
    @TempDir
    Path directory;

    private TableParameters read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("x.cf"), text);
        return TableParameters.read(new TableSpec("mysql", file.toString()), SourceFile.host(directory));
    }

    @Test
    void readsLinesAsMainCfHasThem() throws IOException {
        TableParameters parameters = read("# a comment\nhosts = a,\n  b c\nquery = SELECT x\n WHERE y = '%s' # z\n");
        assertEquals(3, parameters.servers("hosts", "", 1).size());
        assertEquals("SELECT x WHERE y = '%s' # z", parameters.text("query", ""));
        assertEquals(90_000, read("timeout = 90").timeMs("timeout", 0, 0));
        assertEquals(120_000, read("timeout = 2m").timeMs("timeout", 0, 0));
    }

    @Test
    void readsParametersOfMainCf() {
        Map<String, String> mainCf = Map.of("${src_hosts}", "db.example.com", "${src_dbname}", "mail");
        TableHost host = new TableHost(
                TableTypes::open,
                directory,
                text -> mainCf.getOrDefault(text, ""),
                warning -> {},
                System::nanoTime,
                Runnable::run);
        TableParameters parameters = TableParameters.read(new TableSpec("mysql", "src"), host);
        assertEquals("db.example.com", parameters.text("hosts", "localhost"));
        assertEquals("guest", parameters.text("user", "guest"));
        assertEquals(
                "main.cf: parameter 'src_query': not set (expected: a value, which mysql:src needs)",
                assertThrows(ConfigException.class, () -> host.open("mysql:src"))
                        .getMessage());
    }

    @Test
    void takesLocalhostForTheSocketOfMysqlWhereThereIsOne() throws IOException {
        TableParameters parameters = read("hosts = localhost, inet:localhost, db:3307");
        List<ServerAddress> servers = parameters.servers("hosts", "", 3306);
        List<String> words = parameters.words("hosts", "");
        Path socket = directory.resolve("sock");
        assertEquals(servers, SqlSource.withLocalSocket(servers, words, List.of(socket)));
        Files.createFile(socket);
        assertEquals(
                "[unix:" + socket + ", localhost:3306, db:3307]",
                SqlSource.withLocalSocket(servers, words, List.of(directory.resolve("none"), socket))
                        .toString());
    }

    @Test
    void refusesSourceThatIsNotThere() {
        ConfigException e = assertThrows(
                ConfigException.class, () -> SourceFile.host(directory).open("pgsql:/no/such/file"));
        assertEquals("/no/such/file: no such file (expected: a table's source)", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp:host",
                "tcp:host:0",
                "tcp:::1:5",
                "socketmap:host:25:map",
                "socketmap:inet:host:25",
                "socketmap:unix:relative:map"
            })
    void refusesNameThatIsNoServer(String spec) {
        String message = String.valueOf(assertThrows(
                        ConfigException.class, () -> SourceFile.host(directory).open(spec))
                .getMessage());
        assertTrue(message.startsWith(spec + " (expected: "), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mysql | dbname = x | /etc/x.cf: parameter 'query': not set",
                "mysql | query = SELECT 1 | /etc/x.cf: parameter 'dbname': not set",
                "mysql | dbname = x; query = %x | /etc/x.cf:2: parameter 'query': %x (expected: %s %u %d",
                "mysql | dbname = x; table = t; select_field = f | /etc/x.cf: parameter 'where_field': not set",
                "pgsql | dbname = x; query = SELECT 1; hosts = h:0 | /etc/x.cf:3: parameter 'hosts': h:0 (expected: a port",
                "pgsql | dbname = x; query = SELECT 1; expansion_limit = a | /etc/x.cf:3: parameter 'expansion_limit': a (expected: a number",
                "pgsql | dbname = x; query = SELECT 1; require_result_set = 1 | /etc/x.cf:3: parameter 'require_result_set': 1 (expected: yes or no)",
                "sqlite | query = SELECT 1 | /etc/x.cf: parameter 'dbpath': not set",
                "mysql | dbname = x; query = SELECT 1; tls_CApath = /x | /etc/x.cf:3: parameter 'tls_CApath': /x (expected: not set",
                "ldap | server_host = h | /etc/x.cf: parameter 'search_base': not set",
                "ldap | search_base = x; query_filter = (a=%s | /etc/x.cf:2: parameter 'query_filter': (a=%s (expected: a filter",
                "ldap | search_base = x; scope = all | /etc/x.cf:2: parameter 'scope': all (expected: sub, base, one)",
                "ldap | search_base = x; server_host = http://h | /etc/x.cf:2: parameter 'server_host'",
                "ldap | search_base = x; bind = sasl | /etc/x.cf:2: parameter 'bind': sasl (expected: yes, simple, no, none)",
                "ldap | search_base = x; version = 4 | /etc/x.cf:2: parameter 'version': 4 (expected: 2 or 3",
                "memcache | max_try = 0 | /etc/x.cf:1: parameter 'max_try': 0 (expected: a number, 1 or more)",
                "redis | command = keys | /etc/x.cf:1: parameter 'command': keys (expected: get, hget)",
                "redis | command = hget | /etc/x.cf: parameter 'hash': not set",
                "redis | domain = a, mysql:x | /etc/x.cf:1: parameter 'domain'",
                "redis | db | /etc/x.cf:1: missing '=' after parameter name",
            })
    void saysWhereTheSourceIsWrong(String type, String lines, String message) throws IOException {
        String text = lines.replace("; ", "\n");
        Path file = Files.writeString(directory.resolve("x.cf"), text);
        TableHost host = SourceFile.host(directory);
        String actual = String.valueOf(assertThrows(ConfigException.class, () -> host.open(type + ":" + file))
                        .getMessage())
                .replace(directory + "/", "/etc/");
        assertEquals(message, actual.substring(0, Math.min(actual.length(), message.length())));
    }
}
