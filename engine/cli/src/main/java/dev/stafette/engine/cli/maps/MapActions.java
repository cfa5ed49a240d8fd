// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

import dev.stafette.engine.cli.terminal.AsOwner;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.Strangers;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.config.syntax.OpenedFile;
import dev.stafette.engine.table.ListedTable;
import dev.stafette.engine.table.MapLine;
import dev.stafette.engine.table.RowSink;
import dev.stafette.engine.table.SourceLines;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.types.IndexBuild;
import dev.stafette.engine.table.types.TableTypes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code postmap} and {@code postalias} do: build a table, add to it, delete from it, list it, ask it.
 * Thread: main.
 */
final class MapActions {
    private final Terminal terminal;
    private final String program;
    private final MapFlags flags;
    private final MapRows rows;
    private final Settings settings;
    private final TableHost host;

    MapActions(Terminal terminal, MapFlags flags, MapRows rows) {
        this.terminal = terminal;
        this.program = rows.program();
        this.flags = flags;
        this.rows = rows;
        this.settings = Configuration.readMainCf(ConfigDirectory.find(terminal, flags.configDirectory), new LocalHost())
                .settings();
        TableHost usual = new TableHost(
                        TableTypes::open,
                        Path.of("").toAbsolutePath(),
                        settings::expand,
                        text -> terminal.warn(program, text),
                        System::nanoTime,
                        Runnable::run)
                .with(settings.ports());
        this.host = flags.folds ? usual : usual.withoutFolding();
    }

    int run() {
        try {
            return switch (flags.action) {
                case BUILD -> build();
                case QUERY -> new MapQuery(terminal, rows, flags, host, this::spec).run();
                case DELETE -> delete();
                case LIST -> list();
            };
        } catch (ConfigException e) {
            return terminal.fatal(program, ExitCode.FAILED, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return terminal.fatal(program, ExitCode.FAILED, reason(e));
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? e.getMessage() + ": No such file or directory" : e.toString();
    }

    /** An operand may leave out the type. */
    private TableSpec spec(String operand) {
        boolean hasType = operand.indexOf(':') >= 0;
        return TableSpec.parse(hasType ? operand : settings.text("default_database_type") + ":" + operand);
    }

    private int build() throws IOException {
        for (String operand : flags.operands) {
            TableSpec spec = spec(operand);
            if (spec.type().equals("proxy")) {
                throw new ConfigException("can't create maps via the proxy service");
            }
            Strangers strangers = strangers(spec);
            if (strangers.exist()) {
                AsOwner owner = new AsOwner(terminal, program, strangers);
                InputStream in = flags.adds ? terminal.in() : InputStream.nullInputStream();
                int exitCode = owner.run(ExitCode.FAILED, program, words(operand), in);
                if (exitCode != ExitCode.OK) {
                    owner.explain();
                    return exitCode;
                }
            } else if (flags.adds) {
                add(spec);
            } else {
                build(spec);
            }
        }
        return ExitCode.OK;
    }

    /** As Postfix, root works as the owner of the source; with {@code -o} it does not matter whose the source is. */
    private Strangers strangers(TableSpec spec) {
        Path index = IndexBuild.fileOf(spec, host);
        if (index == null) {
            return Strangers.NONE;
        }
        Strangers ofIndex = Strangers.onTheWayTo(IndexBuild.beside(index));
        return flags.keepsRoot ? ofIndex : ofIndex.and(Strangers.onTheWayThrough(host.file(spec.name())));
    }

    private List<String> words(String operand) {
        List<String> words = new ArrayList<>(flags.words);
        words.addAll(List.of("--", operand));
        return words;
    }

    private void add(TableSpec spec) throws IOException {
        try (SourceLines lines = new SourceLines("stdin", terminal.in(), text -> terminal.warn(program, text));
                IndexBuild build = IndexBuild.start(spec, host)) {
            build.copy(spec, host, key -> true);
            rows.read("stdin", lines, new BuildSink("stdin", spec, build));
            Path source = host.file(spec.name());
            build.finish(flags.inheritsPermissions && Files.exists(source) ? source : null);
        }
    }

    private void build(TableSpec spec) throws IOException {
        String name = spec.name();
        try (OpenedFile source = open(name, host.file(name));
                InputStream in = Channels.newInputStream(source.channel());
                SourceLines lines = new SourceLines(name, in, text -> terminal.warn(program, text));
                IndexBuild build = IndexBuild.start(spec, host)) {
            if (flags.valuesAreFiles && LocalHost.userId() == 0 && source.userId() != 0) {
                throw new ConfigException(name + " belongs to user " + source.userId()
                        + ": root does not read the files that somebody else names in it");
            }
            rows.read(name, lines, new BuildSink(name, spec, build));
            build.finish(flags.inheritsPermissions ? source.path() : null);
        }
    }

    private static OpenedFile open(String name, Path source) {
        if (Files.isDirectory(source)) {
            throw new ConfigException("open " + name + ": Is a directory");
        }
        try {
            // Whose it is shall be known of the very file that is read.
            return OpenedFile.open(source.toRealPath(), Set.of(StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            throw new ConfigException("open " + name + ": No such file or directory");
        } catch (IOException e) {
            throw new ConfigException("open " + name + ": "
                    + (Files.isReadable(source) ? String.valueOf(e.getMessage()) : "Permission denied"));
        }
    }

    /** Puts the rows of a source into a table. */
    private final class BuildSink implements RowSink {
        private final String source;
        private final TableSpec spec;
        private final IndexBuild build;

        BuildSink(String source, TableSpec spec, IndexBuild build) {
            this.source = source;
            this.spec = spec;
            this.build = build;
        }

        @Override
        public void onRow(String key, String value, int lineNumber) throws IOException {
            String stored = value;
            if (flags.valuesAreFiles) {
                try {
                    stored = FileValues.encoded(value);
                } catch (FileValues.UnreadableException e) {
                    onWarning(source + ", line " + lineNumber + ": " + e.getMessage() + ": skipping this entry");
                    return;
                }
            }
            String folded = flags.folds ? MapLine.fold(key) : key;
            if (!build.put(folded, stored, flags.replaces) && !flags.replaces && flags.warnsOfDuplicates) {
                onWarning(shownName() + ": duplicate entry: \"" + folded + "\"");
            }
        }

        /** Each library of Postfix's has its own way. */
        private String shownName() {
            return switch (spec.type()) {
                case "hash", "btree" -> build.name();
                case "lmdb" -> spec.toString();
                default -> spec.name();
            };
        }

        @Override
        public void onWarning(String text) {
            terminal.warn(program, text);
        }
    }

    private int delete() throws IOException {
        Set<String> keys = new LinkedHashSet<>();
        if (flags.key.equals("-")) {
            MapQuery.eachLine(terminal.in(), keys::add);
        } else {
            keys.add(flags.key);
        }
        boolean found = false;
        for (String operand : flags.operands) {
            TableSpec spec = spec(operand);
            Strangers strangers = strangers(spec);
            if (strangers.exist()) {
                InputStream in =
                        new ByteArrayInputStream(String.join("\n", keys).getBytes(StandardCharsets.UTF_8));
                found |= new AsOwner(terminal, program, strangers).run(ExitCode.FAILED, program, words(operand), in)
                        == ExitCode.OK;
            } else {
                found |= delete(spec, keys);
            }
        }
        return found ? ExitCode.OK : ExitCode.FAILED;
    }

    private boolean delete(TableSpec spec, Set<String> keys) throws IOException {
        Set<String> folded = new HashSet<>();
        for (String key : keys) {
            folded.add(flags.folds ? MapLine.fold(key) : key);
        }
        @Nullable Path index = IndexBuild.fileOf(spec, host);
        if (index == null) {
            throw new ConfigException(
                    switch (spec.type()) {
                        case "environ", "static", "unix" -> "table " + spec + ": delete operation is not supported";
                        default -> spec + " map requires O_RDONLY access mode";
                    });
        }
        host.open(spec).close();
        boolean[] found = new boolean[1];
        try (IndexBuild build = IndexBuild.start(spec, host)) {
            build.copy(spec, host, key -> {
                boolean goes = folded.contains(key);
                found[0] |= goes;
                return !goes;
            });
            if (found[0]) {
                build.finish(index);
            }
        }
        return found[0];
    }

    private int list() {
        for (String operand : flags.operands) {
            TableSpec spec = spec(operand);
            try (Table table = host.open(spec)) {
                if (!(table instanceof ListedTable listed)) {
                    throw new ConfigException("table " + spec + ": sequence operation is not supported");
                }
                listed.forEach((key, value) -> printRow(spec, key, value));
            }
        }
        return ExitCode.OK;
    }

    private void printRow(TableSpec spec, String key, String value) {
        String shown = value;
        if (flags.valuesAreFiles) {
            try {
                shown = FileValues.decoded(spec, value);
            } catch (FileValues.UnreadableException e) {
                terminal.warn(program, "table " + MapQuery.shown(spec) + ": key " + key + ": " + e.getMessage());
                throw new ConfigException("table " + MapQuery.shown(spec) + ": sequence error");
            }
        }
        terminal.out().println(flags.json ? MapQuery.json(key, shown) : rows.listed(key, shown));
    }
}
