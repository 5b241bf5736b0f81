// A session with the client that openapi-generator makes in Go: every list at both depths, and a record's life.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"icosa.test/client"
)

type report struct {
	Lists   int     `json:"lists"`
	Rows    int     `json:"rows"`
	Amount  float64 `json:"amount"`
	Kind    string  `json:"kind"`
	Else    string  `json:"else"`
	Deleted bool    `json:"deleted"`
	Actions string  `json:"actions"`
	Status  int     `json:"status"`
	Code    string  `json:"code"`
}

func must[T any](value T, _ any, err error) T {
	if err != nil {
		if told, ok := err.(*client.GenericOpenAPIError); ok {
			fmt.Fprintf(os.Stderr, "%.300s\n", told.Body())
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

// readLists calls each FindMany… of each object at both depths; answers that do not fit their types are errors.
func readLists(api *client.APIClient, told *report) {
	services := reflect.ValueOf(api).Elem()
	for place := 0; place < services.NumField(); place++ {
		if !services.Type().Field(place).IsExported() {
			continue
		}
		service := services.Field(place)
		for number := 0; number < service.NumMethod(); number++ {
			name := service.Type().Method(number).Name
			if !strings.HasPrefix(name, "FindMany") || strings.HasSuffix(name, "Execute") {
				continue
			}
			told.Lists++
			for depth := int32(0); depth < 2; depth++ {
				request := service.Method(number).Call([]reflect.Value{reflect.ValueOf(context.Background())})[0]
				request = request.MethodByName("Depth").Call([]reflect.Value{reflect.ValueOf(depth)})[0]
				answer := request.MethodByName("Execute").Call(nil)
				problem, _ := answer[2].Interface().(error)
				page := must(answer[0], name, problem).Elem()
				told.Rows += page.FieldByName("Data").Field(0).Len()
			}
		}
	}
}

func main() {
	configuration := client.NewConfiguration()
	configuration.Servers = client.ServerConfigurations{{URL: os.Getenv("ICOSA_URL") + "/rest"}}
	configuration.AddDefaultHeader("Authorization", "Bearer "+os.Getenv("ICOSA_KEY"))
	api := client.NewAPIClient(configuration)
	ctx := context.Background()
	var told report
	readLists(api, &told)

	company := client.NewCompany()
	company.SetName("Acme")
	revenue := client.NewCompanyAnnualRevenue()
	revenue.SetAmountMicros(2_500_000_123_456)
	revenue.SetCurrencyCode("EUR")
	company.SetAnnualRevenue(*revenue)
	made := must(api.CompaniesAPI.CreateOneCompany(ctx).Company(*company).Execute()).Data.CreateCompany
	told.Amount = made.AnnualRevenue.GetAmountMicros()

	orders := must(api.OrdersAPI.FindManyOrders(ctx).Filter("name[eq]:First").Depth(1).Execute()).Data.Orders
	told.Kind = string(orders[0].GetKind())
	told.Else = orders[0].Else.Get().GetName()

	must(api.CompaniesAPI.DeleteOneCompany(ctx, made.Id).SoftDelete(true).Execute())
	filter := "deletedAt[is]:NOT_NULL,id[eq]:" + made.Id
	gone := must(api.CompaniesAPI.FindManyCompanies(ctx).Filter(filter).Execute()).Data.Companies
	told.Deleted = len(gone) == 1 && gone[0].DeletedAt.Get() != nil
	for _, each := range must(api.CompaniesAPI.FindCompanyHistory(ctx, made.Id).Execute()).Data.History {
		told.Actions += each.Action + " "
	}
	must(api.ChangeFeedAPI.ReadChangeFeed(ctx).Objects("companies").Limit(5).Execute())

	_, answer, err := api.CompaniesAPI.FindOneCompany(ctx, "5a0b5f0e-3c1d-4f7a-9d57-0f5f6b1f2c3d").Execute()
	told.Status = answer.StatusCode
	body := err.(*client.GenericOpenAPIError).Model().(client.ErrorBody)
	told.Code = body.GetCode()
	_ = json.NewEncoder(os.Stdout).Encode(told)
}
