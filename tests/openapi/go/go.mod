module icosa.test

go 1.19
