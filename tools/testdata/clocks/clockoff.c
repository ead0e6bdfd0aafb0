/* Preloaded, it sets the wall clock of a process CLOCKOFF seconds ahead: gcc -shared -fPIC -o clockoff.so clockoff.c */
#define _GNU_SOURCE
#include <time.h>
#include <sys/time.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <stdlib.h>
static long off(void){static long o=0;static int i=0;if(!i){char*e=getenv("CLOCKOFF");o=e?atol(e):0;i=1;}return o;}
int clock_gettime(clockid_t c,struct timespec*t){int r=syscall(SYS_clock_gettime,c,t);if(!r&&(c==CLOCK_REALTIME||c==CLOCK_REALTIME_COARSE))t->tv_sec+=off();return r;}
int gettimeofday(struct timeval*tv,void*z){struct timespec t;clock_gettime(CLOCK_REALTIME,&t);if(tv){tv->tv_sec=t.tv_sec;tv->tv_usec=t.tv_nsec/1000;}return 0;}
time_t time(time_t*p){struct timespec t;clock_gettime(CLOCK_REALTIME,&t);if(p)*p=t.tv_sec;return t.tv_sec;}
