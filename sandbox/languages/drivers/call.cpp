// Start of a program in C++ whose function is called: in a file of its own, as `main` is another name in the program's.
extern "C" int rlvr_main();
int main() { return rlvr_main(); }
