// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code postmap} and {@code postalias} beside those of Postfix, on the same files. */
class PostmapIT {
    private static final String SOURCE = """
        # a comment
        Foo.Bar  value one
          continued
        "a b"  quoted
        novalue
        foo.bar dup
        "un balanced
        k: v
        k2  :  v
        \u00c4@example.com umlaut
        @example.com  domain,  list
        """;

    private static final String ALIASES = """
        # a comment
        Root: alice, "|/bin/cmd arg, x",
          /file/x :include:/etc/x
        "Foo Bar": bob
        foo@example.com: x
        empty:
        noColon
        postmaster : root
        x: y # no comment
        (comment) z: w
        "|cmd": q
        dup: 1
        DUP: 2
        list: :include:/var/list, owner-list@example.com ,  <user@dom>
        q: "a b"@example.com, user (comment), "c\\"d"
        esc: \\user, [1.2.3.4], @x:y@z
        multi:a,b,,c
        """;

    private static final String PATTERNS = """
        # a comment
        /^a(.*)b$/   got $1 and ${1} and $(1) $$
        /^c(x)?d/ opt<$1>
        !/foo/ x$1
        /unclosed
        if /^i/
        /^ia/ in-ia
        !/^ib/ not-ib
        endif
        endif
        if !/^z/
        /^y/ $2
        endif
        if /q/ more
        endif
        /(a/ bad
        /x{2}[[:digit:]]+/ digits
        /CASE/i case
        /q/z badflag
        bogus line
        """;

    private static final String NETWORKS = """
        # a comment
        1.2.3.4 a
        10.0.0.0/8 b c
        10.0.0.1/8 hostbits
        2001:db8::/32 six
        ::1 loop
        !192.168.0.0/16 notpriv
        if 172.16.0.0/12
        172.16.5.5 in5
        endif
        endif
        1.2.3 bad
        1.2.3.4/33 badlen
        1.2.3.5
        [fe80::1] br
        0.0.0.0/0 all
        """;

    @TempDir
    Path directory;

    private Path configuration;

    /** How a command ended and what it said. */
    @BeforeEach
    void write() throws IOException {
        configuration = Files.createDirectories(directory.resolve("etc"));
        Files.writeString(configuration.resolve("main.cf"), """
            compatibility_level = 3.6
            myhostname = mx.b.test
            inet_interfaces = 127.0.0.1
            alias_database = hash:%s
            """.formatted(file("aliases")));
        Files.writeString(configuration.resolve("master.cf"), "");
        PeerCommand.age(configuration.resolve("main.cf"));
        write("table", SOURCE);
        write("aliases", ALIASES);
        write("patterns", PATTERNS);
        write("networks", NETWORKS);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        PeerCommand.age(file);
    }

    /** {@code @} in a word stands for the directory of the tables. */
    private List<String> words(String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.replaceAll(word -> word.replace("@/", directory + "/").replace('_', ' '));
        words.addAll(1, List.of("-c", configuration.toString()));
        return words;
    }

    private Spoken ours(String line, String input) {
        Spoken said = Spoken.of(Map.of(), input, words(line).toArray(new String[0]));
        return new Spoken(said.exitCode(), sorted(said.out()), said.err());
    }

    /** The order of a listing is that of a hash. */
    private static String sorted(String text) {
        // Postfix writes some more rows into alias tables, for NIS.
        return text.lines()
                .filter(line -> !line.startsWith("YP_") && !line.startsWith("@:"))
                .sorted()
                .reduce("", (all, line) -> all + line + "\n");
    }

    private Spoken postfix(String line, String input) throws IOException, InterruptedException {
        List<String> words = words(line);
        words.set(0, "/usr/sbin/" + words.get(0));
        Path files = Files.createTempDirectory(configuration, "said");
        Path in = Files.writeString(files.resolve("in"), input);
        Path out = files.resolve("out");
        Path err = files.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        int exitCode = builder.start().waitFor();
        return new Spoken(exitCode, sorted(Files.readString(out)), Files.readString(err));
    }

    private void assumePostfix(String type) throws IOException, InterruptedException {
        Programs.require("postmap");
        Process process = new ProcessBuilder("/usr/sbin/postconf", "-c", configuration.toString(), "-m").start();
        String types = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Programs.require(Arrays.asList(types.split("\n")).contains(type), "Postfix's package for " + type);
    }

    /** Each line is run by Postfix and then by us, from the same files. */
    private void compare(String type, String input, String... lines) throws IOException, InterruptedException {
        assumePostfix(type);
        List<Spoken> theirs = new ArrayList<>();
        for (String line : lines) {
            theirs.add(postfix(line, input));
        }
        deleteIndexes();
        for (int i = 0; i < lines.length; i++) {
            assertEquals(theirs.get(i), ours(lines[i], input), lines[i]);
        }
    }

    /** As {@link #compare}, of commands that change nothing: Postfix's, which sleep for a second when they fail, run together. */
    private void compareAtOnce(String type, String input, String... lines) throws Exception {
        assumePostfix(type);
        ExecutorService threads = Executors.newFixedThreadPool(lines.length);
        try {
            List<Future<Spoken>> theirs = new ArrayList<>();
            for (String line : lines) {
                theirs.add(threads.submit(() -> postfix(line, input)));
            }
            for (int i = 0; i < lines.length; i++) {
                assertEquals(theirs.get(i).get(), ours(lines[i], input), lines[i]);
            }
        } finally {
            threads.shutdown();
        }
    }

    private void deleteIndexes() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.(db|lmdb|cdb)"))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hash", "btree", "lmdb", "cdb"})
    void buildsAndAnswersAsPostfix(String type) throws IOException, InterruptedException {
        String table = " " + type + ":@/table";
        String[] lines = {
            "postmap" + table,
            "postmap -s" + table,
            "postmap -q FOO.bar" + table,
            "postmap -q nope" + table,
            "postmap -q \u00e4@example.com" + table,
            "postmap -q \"a_b\"" + table,
            "postmap -q -" + table,
            "postmap -d nope" + table,
            "postmap -d foo.bar" + table,
            "postmap -q foo.bar" + table,
            "postmap -d -" + table,
            "postmap -s" + table,
            "postmap -f" + table,
            "postmap -fq Foo.Bar" + table,
            "postmap -q Foo.Bar" + table,
            "postmap -w" + table,
            "postmap -r" + table,
            "postmap -s" + table
        };
        // Postfix's cdb tables can neither be listed nor be changed.
        boolean isConstant = type.equals("cdb");
        compare(
                type,
                "foo.bar\nnope\n@EXAMPLE.com\n",
                Arrays.stream(lines)
                        .filter(line -> !isConstant || !line.startsWith("postmap -s") && !line.startsWith("postmap -d"))
                        .toArray(String[]::new));
    }

    @Test
    void addsToATableAsPostfix() throws IOException, InterruptedException {
        write("small", "a 1\nb 2\n");
        compare(
                "hash",
                "b 3\nc 4\nbad\n",
                "postmap hash:@/small",
                "postmap -i hash:@/small",
                "postmap -s hash:@/small",
                "postmap -ir hash:@/small",
                "postmap -s hash:@/small",
                "postmap -i hash:@/fresh",
                "postmap -s hash:@/fresh");
    }

    @Test
    void keepsFilesAsPostfix() throws IOException, InterruptedException {
        write("pem", "hello\n");
        write("files", "k " + file("pem") + "\nl " + file("pem") + ", " + file("none") + "\n");
        write("bad", "k !!!\n");
        compare(
                "hash",
                "",
                "postmap -F hash:@/files",
                "postmap -q k hash:@/files",
                "postmap -Fq k hash:@/files",
                "postmap -Fs hash:@/files",
                "postmap hash:@/bad",
                "postmap -Fq k hash:@/bad",
                "postmap -Fq k inline:{k=@/pem}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"regexp", "pcre"})
    void matchesAsPostfix(String type) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String key :
                List.of("axxb", "AXXB", "cd", "cxd", "ia", "ib", "ic", "xx7", "yy", "case", "CASE", "zq", "q")) {
            lines.add("postmap -q " + key + " " + type + ":@/patterns");
        }
        compare(type, "", lines.toArray(new String[0]));
    }

    @Test
    void findsNetworksAsPostfix() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String key : List.of(
                "1.2.3.4", "10.2.3.4", "2001:DB8::5", "::1", "192.168.1.1", "172.16.5.5", "8.8.8.8", "a", "fe80::1")) {
            lines.add("postmap -q " + key + " cidr:@/networks");
        }
        compare("cidr", "", lines.toArray(new String[0]));
    }

    @Test
    void asksTablesWithoutAnIndexAsPostfix() throws Exception {
        compareAtOnce(
                "inline",
                "foo.bar\nnope\n",
                "postmap -q foo.bar texthash:@/table",
                "postmap -s texthash:@/table",
                "postmap -q - texthash:@/table",
                "postmap -q c inline:{a=b,{c_=_d_e}}",
                "postmap -q A inline:{a=1,a=2}",
                "postmap -q a inline:{a}",
                "postmap -q a inline:{}",
                "postmap -q a inline:{{a=}}",
                "postmap -q x static:foo",
                "postmap -q x static:{_a_b_}",
                "postmap -q x static:{_a_}_b",
                "postmap -q PATH environ:x",
                "postmap -q root unix:passwd.byname",
                "postmap -q nosuch unix:group.byname",
                "postmap -q x unix:foo",
                "postmap -q x fail:foo",
                "postmap -q x unionmap:{static:a,static:{b_c},inline:{x=y}}",
                "postmap -q x unionmap:{fail:x,static:a}",
                "postmap -q x unionmap:{foo:a}",
                "postmap -q x unionmap:{}",
                "postmap -q x pipemap:{inline:{x=y},inline:{y=z}}",
                "postmap -q x pipemap:{inline:{x=y},inline:{a=z}}",
                "postmap -q x pipemap:{inline:{x=y},fail:z}",
                "postmap -q x randmap:{a}",
                "postmap -q x randmap:a",
                "postmap -q x regexp:{{/x/_y}_{bogus}_{/(/_z}}",
                "postmap -q x regexp:{/x/_y}",
                "postmap -q 1.2.3.4 cidr:{{1.2.3.4_x}}",
                "postmap -q nope static:x hash:@/none");
    }

    @Test
    void refusesAsPostfix() throws Exception {
        compareAtOnce(
                "hash",
                "",
                "postmap -q x foo:x",
                "postmap -q x x:",
                "postmap -q x hash:@/none",
                "postmap -q x texthash:@/none",
                "postmap -q x regexp:@/none",
                "postmap hash:@/none",
                "postmap regexp:@/patterns",
                "postmap -s static:x",
                "postmap -d x static:x",
                "postmap -q a -d b hash:@/table",
                "postmap -q a -s hash:@/table",
                "postmap -b -q a hash:@/table",
                "postmap -h hash:@/table",
                "postalias -q x foo:x",
                "postalias @/none");
    }

    @Test
    void asksForHeadersAndBodyLinesAsPostfix() throws IOException, InterruptedException {
        String message = "From: a\n b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=xx\n\npre a\n--xx\n"
                + "X-A: a\n\nbody a\n--xx--\npost a\n";
        compare(
                "regexp",
                message,
                "postmap -hq - regexp:{{/a/_hit}}",
                "postmap -bq - regexp:{{/a/_hit}}",
                "postmap -hbq - regexp:{{/a/_hit}}",
                "postmap -hmq - regexp:{{/a/_hit}}",
                "postmap -bmq - regexp:{{/a/_hit}}",
                "postmap -mq - regexp:{{/a/_hit}}");
    }

    @Test
    void buildsAliasesAsPostfix() throws IOException, InterruptedException {
        compare(
                "hash",
                "new: x\nroot: other\n",
                "postalias hash:@/aliases",
                "postalias -s hash:@/aliases",
                "postalias -q root hash:@/aliases",
                "postalias -q Foo_bar hash:@/aliases",
                "postalias -q nope hash:@/aliases",
                "postalias -i hash:@/aliases",
                "postalias -q new hash:@/aliases",
                "postalias -q root hash:@/aliases",
                "postalias -d dup hash:@/aliases",
                "postalias -q dup hash:@/aliases",
                "postalias -f hash:@/aliases",
                "postalias -fq Root hash:@/aliases");
    }

    @Test
    void newaliasesBuildsTheDatabaseOfMainCf() throws IOException {
        List<String> said = new ArrayList<>();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of());
        assertEquals(0, Main.run(new String[] {"newaliases", "-C", configuration.toString()}, terminal));
        err.toString(StandardCharsets.UTF_8).lines().forEach(said::add);
        assertTrue(said.contains("postalias: warning: " + file("aliases") + ", line 5: name must be local"), "" + said);
        assertEquals("root\n", ours("postalias -q postmaster @/aliases", "").out());
    }

    @Test
    void printsJson() {
        assertEquals(0, ours("postmap hash:@/table", "").exitCode());
        assertEquals(
                "{\"k2\": \":  v\"}\n", ours("postmap -jq k2 hash:@/table", "").out());
        assertTrue(ours("postmap -js hash:@/table", "").out().contains("{\"\\\"a b\\\"\": \"quoted\"}\n"));
    }

    /** As in Postfix, whose list of flags is another one. */
    @Test
    void saysHowItIsUsedWhereNoTableIsNamed() {
        for (String command : List.of("postmap", "postalias")) {
            assertEquals(1, ours(command, "").exitCode());
            assertTrue(ours(command, "").err().startsWith(command + ": fatal: usage: " + command + " ["));
        }
    }

    @Test
    void leavesTheTableAloneWhenTheSourceCannotBeRead() throws IOException {
        write("small", "a 1\n");
        assertEquals(0, ours("postmap @/small", "").exitCode());
        Files.delete(directory.resolve("small"));
        assertEquals(1, ours("postmap @/small", "").exitCode());
        assertEquals("1\n", ours("postmap -q a @/small", "").out());
        assertFalse(Arrays.asList(directory.toFile().list()).stream().anyMatch(name -> name.endsWith(".tmp")));
    }
}
