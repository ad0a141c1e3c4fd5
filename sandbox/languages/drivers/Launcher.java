package rlvr;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Start of a program in Java: what has to be opened is open, then the program runs, in this machine.
 *
 * Descriptors: 66 holds the program, an archive that is on the class path; 67 is joined with the process that started
 * this one. A byte there says that this one is ready; the byte that comes back says that nothing can be opened any more.
 */
public final class Launcher {
    private static final int STARTER = 67;
    private static final String OWN = "rlvr/";

    /** Classes that bring native libraries or open something when they are first used. */
    private static final String[] EARLY = {
        "java.io.BufferedReader", "java.io.InputStreamReader", "java.io.PrintWriter", "java.io.StreamTokenizer",
        "java.lang.invoke.LambdaMetafactory", "java.lang.invoke.StringConcatFactory", "java.lang.runtime.ObjectMethods",
        "java.lang.Record", "java.lang.ProcessBuilder", "java.lang.StackTraceElement", "java.math.BigDecimal",
        "java.math.BigInteger", "java.net.InetAddress", "java.net.URI", "java.nio.ByteBuffer",
        "java.nio.channels.FileChannel", "java.nio.charset.StandardCharsets", "java.nio.file.Files", "java.security.MessageDigest",
        "java.text.DecimalFormat", "java.text.SimpleDateFormat", "java.time.LocalDate", "java.time.ZonedDateTime",
        "java.util.ArrayDeque", "java.util.BitSet", "java.util.Calendar", "java.util.Formatter", "java.util.PriorityQueue",
        "java.util.Random", "java.util.Scanner", "java.util.StringTokenizer", "java.util.TreeMap", "java.util.UUID",
        "java.util.concurrent.CompletableFuture", "java.util.concurrent.Executors", "java.util.concurrent.ForkJoinPool",
        "java.util.concurrent.ThreadLocalRandom", "java.util.regex.Pattern", "java.util.stream.Collectors",
        "java.util.stream.IntStream", "java.util.zip.CRC32",
    };

    private Launcher() {
    }

    /** Runs the program whose archive is given. */
    public static void main(String[] arguments) throws Throwable {
        ClassLoader loader = Launcher.class.getClassLoader();
        for (String name : EARLY) {
            Class.forName(name);
        }
        warm();
        List<String> names = names(arguments[0]);
        Constructor<FileDescriptor> made = FileDescriptor.class.getDeclaredConstructor(int.class);
        made.setAccessible(true);
        FileDescriptor starter = made.newInstance(STARTER);
        try (FileOutputStream out = new FileOutputStream(starter); FileInputStream in = new FileInputStream(starter)) {
            out.write('R');
            in.read();
        }
        if (arguments.length > 1) { // the methods of its classes are called
            Class.forName(arguments[1]).getMethod("serve", List.class, ClassLoader.class).invoke(null, names, loader);
            return;
        }
        Method main = find(names, loader);
        if (main == null) {
            System.err.println("error: no class of the program has a method main(String[])");
            System.exit(1);
        }
        try {
            main.invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException error) {
            throw error.getCause();
        }
    }

    private static void warm() {
        String.format("%d %.3f %s", 1, 1.5, "a").split(" ");
        java.util.stream.IntStream.range(0, 3).boxed().map(each -> each + "").collect(java.util.stream.Collectors.toList());
        new java.util.Scanner("1 2.5 a").nextInt();
        new java.security.SecureRandom().nextInt();
        new java.util.Random().nextInt();
        Math.sin(1.0);
    }

    private static List<String> names(String archive) throws java.io.IOException {
        List<String> found = new ArrayList<>();
        try (JarFile file = new JarFile(archive)) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements();) {
                String name = entries.nextElement().getName();
                if (name.endsWith(".class") && !name.startsWith(OWN)) {
                    found.add(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
            }
        }
        found.sort((one, other) -> "Main".equals(one) ? -1 : "Main".equals(other) ? 1 : one.compareTo(other));
        return found;
    }

    private static Method find(List<String> names, ClassLoader loader) throws ClassNotFoundException {
        for (String name : names) {
            try {
                Method main = Class.forName(name, false, loader).getDeclaredMethod("main", String[].class);
                if (Modifier.isStatic(main.getModifiers()) && Modifier.isPublic(main.getModifiers())) {
                    main.setAccessible(true);
                    return main;
                }
            } catch (NoSuchMethodException | NoClassDefFoundError error) {
                continue;
            }
        }
        return null;
    }
}
