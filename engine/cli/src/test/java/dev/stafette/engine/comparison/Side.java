// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One of the two mail systems, with a service of its own for each block. */
interface Side extends AutoCloseable {
    /** Blocks that are asked at the same time; the cases of each are asked in turn. */
    int BLOCKS_AT_A_TIME = 4;

    /** Of the service of the block with this index. */
    InetSocketAddress address(int block);

    /** What it says in all cases, by block, case and command. */
    default List<List<List<List<String>>>> ask(List<Block> blocks) throws Exception {
        return ask(blocks, BLOCKS_AT_A_TIME);
    }

    /** With so many blocks at the same time. */
    default List<List<List<List<String>>>> ask(List<Block> blocks, int atATime) throws Exception {
        List<Callable<List<List<List<String>>>>> tasks = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            InetSocketAddress address = address(i);
            tasks.add(() -> ask(block, address));
        }
        ExecutorService threads = Executors.newFixedThreadPool(atATime);
        try {
            List<List<List<List<String>>>> all = new ArrayList<>();
            for (Future<List<List<List<String>>>> one : threads.invokeAll(tasks)) {
                all.add(one.get());
            }
            return all;
        } finally {
            threads.shutdown();
        }
    }

    private static List<List<List<String>>> ask(Block block, InetSocketAddress address) throws IOException {
        List<List<List<String>>> replies = new ArrayList<>();
        for (Case one : block.cases()) {
            replies.add(CaseClient.ask(one, address));
        }
        return replies;
    }

    /** A row of master.cf. */
    static String row(int port, String command, List<String> settings) {
        return "127.0.0.1:" + port + " inet n - n - - " + command + options(settings);
    }

    static String options(List<String> settings) {
        StringBuilder options = new StringBuilder();
        settings.forEach(line -> options.append("\n  -o { ").append(line).append(" }"));
        return options.toString();
    }

    @Override
    void close() throws IOException;
}
